//! The frame of every page: one file, no scripts. Owns colours (light and dark) and layout; nothing is loaded from elsewhere.

/// A page with a title (escaped already), what it adds to the style, and a body.
pub(in crate::report) fn page(title: &str, more: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\"><title>{title}</title><style>{STYLE}{more}</style></head>\
         <body><main>{body}</main></body></html>\n"
    )
}

const STYLE: &str = "\
:root{--paper:#fff;--ink:#1a1c1e;--soft:#5c6370;--line:#d9dde3;--bar:#3d6fb6;--yes:#2b8a57;--no:#c2452d;--panel:#f5f7f9}
@media(prefers-color-scheme:dark){:root{--paper:#15181c;--ink:#e7e9ec;--soft:#9aa3af;--line:#343a43;--bar:#7aa7e8;\
--yes:#5cc98c;--no:#ef8468;--panel:#1d2127}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1040px;margin:0 auto;padding:28px 20px 80px}h1{font-size:25px;margin:0 0 4px}h2{font-size:19px;\
margin:40px 0 10px;border-bottom:1px solid var(--line);padding-bottom:4px}h3{font-size:15px;margin:18px 0 6px}
p{margin:6px 0 12px}.soft{color:var(--soft)}.wide{overflow-x:auto}svg{max-width:100%;height:auto}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:14px}th,td{padding:3px 10px;text-align:right;\
border-bottom:1px solid var(--line)}th:first-child,td:first-child{text-align:left}th{color:var(--soft);font-weight:600}
pre{background:var(--panel);padding:8px 10px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;margin:4px 0;\
font-size:13px;border-radius:4px}article{border:1px solid var(--line);border-radius:6px;padding:10px 14px;margin:12px 0}
.pair{display:flex;flex-wrap:wrap;gap:24px}.why{font-weight:600}
svg text{fill:var(--ink);font:12px system-ui,sans-serif}svg .tick{fill:var(--soft);font-size:11px}.grid{stroke:var(--line)}
.bar{fill:var(--bar)}.interval{stroke:var(--ink);fill:none;stroke-width:1.4}.yes{fill:var(--yes)}.no{fill:var(--no)}\
.unknown{fill:var(--soft)}circle{fill-opacity:.6}.cell{stroke:var(--line)}.along{fill:var(--bar)}.against{fill:var(--no)}\
.none{fill:var(--paper)}.key{display:inline-block;width:10px;height:10px;border-radius:5px;margin:0 4px 0 12px}\
.key.yes{background:var(--yes)}.key.no{background:var(--no)}.key.unknown{background:var(--soft)}
";
