/-! Unicode names, French quotes, primes, subscripts and letters of many scripts. -/

namespace Unicode

theorem αβγ (α β γ : Prop) (h : α ∧ β ∧ γ) : γ := sorry

theorem h₁_h₂ (a₁ a₂ : Nat) (h₁₂ : a₁ = a₂) : a₂ = a₁ := sorry

theorem primes' (a a' a'' : Nat) (h : a = a') (h' : a' = a'') : a = a'' := sorry

theorem «with spaces» (n : Nat) : n = n := sorry

theorem «theorem» (p : Prop) (h : p) : p := sorry

theorem «weird: := by sorry» : 1 + 1 = 2 := sorry

theorem «quoted».inner (n : Nat) : n + 0 = n := sorry

theorem «имя теоремы» : True := sorry

theorem ℕ_like (ℓ : Nat) (h : ℓ < 1) : ℓ = 0 := sorry

theorem 𝔸_script (𝓕 : Nat → Nat) (𝔸 : Nat) (h : 𝓕 𝔸 = 𝔸) : 𝓕 (𝓕 𝔸) = 𝔸 := sorry

theorem lambda_forms : (fun x => x + 1) 1 = (λ x => x + 1) 1 := sorry

theorem ascii_forms (p q : Prop) (h : p /\ q) : p \/ q := sorry

theorem ascii_forall : forall n : Nat, exists m : Nat, n < m := sorry

theorem ascii_arrow (p q : Prop) (f : p -> q) (hp : p) : q := sorry

theorem ascii_ne : ¬ (1 != 1) ∧ (1 : Nat) ≠ 2 := sorry

theorem angle (p q : Prop) (hp : p) (hq : q) : p ∧ q := sorry

theorem dot_lambda (xs : List Nat) : xs.map (· + 0) = xs := sorry

theorem ᾀccents (ᾀ : Nat) : ᾀ ≤ ᾀ := sorry

theorem underscore_ (_x : Nat) (_ : 0 < _x) : _x ≠ 0 := sorry

theorem question? (n : Nat) : n = n := sorry

theorem bang! (n : Nat) : n = n := sorry

theorem «∀ x, ¬ x» : True := sorry

theorem combining (n : Nat) : ("é".length = 2 ∨ "é".length = 1) ∧ n ≤ n := sorry

end Unicode
