// Records by verdict, as the view shows them. Owns grouping and wording; knows nothing of VS Code, so that tests can run it.

/** A record as the server tells of it (`afcheck/records`). */
export interface Row {
  line: number;
  id: string;
  verdict: "accepted" | "rejected" | "undecided" | "pending";
  summary: string;
}

export interface Group {
  verdict: Row["verdict"];
  label: string;
  rows: Row[];
}

const ORDER: Row["verdict"][] = ["rejected", "undecided", "accepted", "pending"];

/** Rows by verdict, those that need people first; groups without rows are left out. */
export function grouped(rows: Row[]): Group[] {
  return ORDER.map((verdict) => {
    const own = rows.filter((row) => row.verdict === verdict);
    return { verdict, label: `${verdict} (${own.length})`, rows: own };
  }).filter((group) => group.rows.length > 0);
}

/** The share of accepted records among the decided ones, in words. */
export function rate(rows: Row[]): string {
  const count = (verdict: Row["verdict"]) => rows.filter((row) => row.verdict === verdict).length;
  const decided = count("accepted") + count("rejected");
  return decided === 0 ? "nothing decided" : `${count("accepted")} of ${decided} accepted`;
}
