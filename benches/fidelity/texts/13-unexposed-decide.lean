theorem a : "abc".isEmpty = false := by decide
theorem b : "abc".contains 'a' = true := by decide
theorem c : toString 5 = "5" := by decide
theorem d : [1, 2, 3].toArray = #[1, 2, 3] := by decide
theorem e : [3, 1, 2].mergeSort = [1, 2, 3] := by decide
theorem f : "a,b".splitOn "," = ["a", "b"] := by decide
theorem g : Nat.toDigits 10 12 = ['1', '2'] := by decide
theorem h : "12".toNat? = some 12 := by decide
theorem i : String.join ["a", "b"] = "ab" := by decide
theorem j : "abc".length = 3 := by decide
theorem k : "abc".toList = ['a', 'b', 'c'] := by decide
theorem l : 'a'.toUpper = 'A' := by decide
