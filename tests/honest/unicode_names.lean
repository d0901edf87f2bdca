/-! Unicode names, French quotes, primes, subscripts and letters of many scripts. -/

namespace Unicode

theorem αβγ (α β γ : Prop) (h : α ∧ β ∧ γ) : γ := h.2.2

theorem h₁_h₂ (a₁ a₂ : Nat) (h₁₂ : a₁ = a₂) : a₂ = a₁ := h₁₂.symm

theorem primes' (a a' a'' : Nat) (h : a = a') (h' : a' = a'') : a = a'' := h.trans h'

theorem «with spaces» (n : Nat) : n = n := rfl

theorem «theorem» (p : Prop) (h : p) : p := h

theorem «weird: := by sorry» : 1 + 1 = 2 := rfl

theorem «quoted».inner (n : Nat) : n + 0 = n := rfl

theorem «имя теоремы» : True := trivial

theorem ℕ_like (ℓ : Nat) (h : ℓ < 1) : ℓ = 0 := by omega

theorem 𝔸_script (𝓕 : Nat → Nat) (𝔸 : Nat) (h : 𝓕 𝔸 = 𝔸) : 𝓕 (𝓕 𝔸) = 𝔸 := by
  rw [h, h]

theorem lambda_forms : (fun x => x + 1) 1 = (λ x => x + 1) 1 := rfl

theorem ascii_forms (p q : Prop) (h : p /\ q) : p \/ q := Or.inl h.1

theorem ascii_forall : forall n : Nat, exists m : Nat, n < m := fun n => ⟨n + 1, Nat.lt_succ_self n⟩

theorem ascii_arrow (p q : Prop) (f : p -> q) (hp : p) : q := f hp

theorem ascii_ne : ¬ (1 != 1) ∧ (1 : Nat) ≠ 2 := by decide

theorem angle (p q : Prop) (hp : p) (hq : q) : p ∧ q := ⟨‹p›, ‹q›⟩

theorem dot_lambda (xs : List Nat) : xs.map (· + 0) = xs := by simp

theorem ᾀccents (ᾀ : Nat) : ᾀ ≤ ᾀ := Nat.le_refl _

theorem underscore_ (_x : Nat) (_ : 0 < _x) : _x ≠ 0 := by omega

theorem question? (n : Nat) : n = n := rfl

theorem bang! (n : Nat) : n = n := rfl

theorem «∀ x, ¬ x» : True := by
  -- Combining marks in comments: é, ñ, 한국어, 日本語, emoji 🎉, right-to-left עברית.
  trivial

theorem combining (n : Nat) : ("é".length = 2 ∨ "é".length = 1) ∧ n ≤ n := by
  refine ⟨?_, Nat.le_refl n⟩
  decide

end Unicode
