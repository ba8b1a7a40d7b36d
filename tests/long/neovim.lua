-- A session of Neovim with `afcheck lsp`: opens a data set, waits for diagnostics, asks for a hover and a goal, edits, and looks
-- again. Run by neovim.sh; prints what it saw and ends with an error if it is not what it should be.
local afcheck, file = vim.env.AFCHECK, vim.env.FILE
local function expect(what, holds)
  if not holds then
    io.stdout:write("FAILED: " .. what .. "\n")
    vim.cmd("cquit 1")
  end
  io.stdout:write("ok: " .. what .. "\n")
end

vim.cmd("edit " .. file)
vim.bo.filetype = "jsonl"
local client = vim.lsp.start_client({ name = "afcheck", cmd = { afcheck, "lsp" }, root_dir = vim.fn.fnamemodify(file, ":h") })
vim.lsp.buf_attach_client(0, client)
local function diagnostics()
  return vim.diagnostic.get(0)
end
expect("diagnostics come", vim.wait(300000, function() return #diagnostics() == 1 end, 50))
local one = diagnostics()[1]
expect("one is in the second line", one.lnum == 1 and one.severity == vim.diagnostic.severity.ERROR)
local line = vim.api.nvim_buf_get_lines(0, 1, 2, false)[1]
expect("it is on the unknown word: " .. line:sub(one.col + 1, one.end_col), line:sub(one.col + 1, one.end_col) == "unknownword")
expect("it has a code: " .. tostring(one.user_data and one.user_data.lsp and one.user_data.lsp.code or one.code), true)

local function request(method, line_number, needle)
  local text = vim.api.nvim_buf_get_lines(0, line_number, line_number + 1, false)[1]
  local byte = text:find(needle, 1, true) - 1
  local _, units = vim.str_utfindex(text, byte)
  local params = { textDocument = vim.lsp.util.make_text_document_params(), position = { line = line_number, character = units } }
  local answers = vim.lsp.buf_request_sync(0, method, params, 60000)
  return answers and answers[client] and answers[client].result
end
local hover = request("textDocument/hover", 0, "Nat.add_comm")
expect("a hover knows the lemma", hover and hover.contents.value:find("Nat.add_comm", 1, true) and hover.contents.value:find("✓", 1, true))
local goal = request("$/lean/plainGoal", 0, "exact")
expect("a goal is there: " .. vim.inspect(goal and goal.goals), goal and goal.goals[1]:find("⊢", 1, true))

vim.api.nvim_buf_set_text(0, 1, one.col, 1, one.end_col, { "rfl" })
expect("a mended record has no diagnostics", vim.wait(60000, function() return #diagnostics() == 0 end, 20))
vim.cmd("qall!")
