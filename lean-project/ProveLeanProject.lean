import Mathlib

/-! Builds only where Mathlib and this Lean fit together: `lake build` is the test of an installation. -/

theorem ProveLeanProject.installed (x y : ℝ) : 0 ≤ (x - y) ^ 2 := sq_nonneg (x - y)
