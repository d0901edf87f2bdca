-- Neovim (0.7 or newer) as a user of `prove lsp`: proves every `sorry` of the file it was started on, writes it and leaves.
-- Exit code 0: all went well; 1: what did not is on standard error.

local patience = 120000 -- milliseconds

local function fail(why)
  io.stderr:write("prove.lua: " .. why .. "\n")
  vim.cmd("cquit 1")
end

local function wait(what, condition)
  if not vim.wait(patience, condition, 20) then
    fail("waited in vain for " .. what)
  end
end

local buffer = vim.api.nvim_get_current_buf()
vim.bo[buffer].filetype = "lean4"
local client = vim.lsp.start_client({
  cmd = { os.getenv("PROVE"), "lsp", "--model", "none" },
  name = "prove",
  root_dir = vim.fn.getcwd(),
})
vim.lsp.buf_attach_client(buffer, client)
wait("the server", function() return #vim.lsp.buf_get_clients(buffer) > 0 end)

local function complaints()
  return vim.diagnostic.get(buffer, { severity = { min = vim.diagnostic.severity.WARN } })
end

-- Whatever Lean says of the file as it is, it has said when it answers this.
local function settle()
  local version = vim.lsp.util.buf_versions[buffer]
  local params = { uri = vim.uri_from_bufnr(buffer), version = version }
  local answer, why = vim.lsp.buf_request_sync(buffer, "textDocument/waitForDiagnostics", params, patience)
  if not answer or answer[client] == nil or answer[client].error then
    fail("no diagnostics: " .. vim.inspect(why or answer))
  end
  -- The client looks at diagnostics when it has time.
  vim.wait(200)
end

-- Lines and bytes of the first `sorry` that is a proof.
local function next_sorry()
  for line, text in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    local at = text:find("by sorry") or text:find("^%s*sorry")
    if at then
      return line, text:find("sorry", at) - 1
    end
  end
end

settle()
if #complaints() == 0 then
  fail("Lean has nothing to say of a file with `sorry`")
end
local proved = 0
local line, column = next_sorry()
while line do
  vim.api.nvim_win_set_cursor(0, { line, column })
  local params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = {} }
  local answer = vim.lsp.buf_request_sync(buffer, "textDocument/codeAction", params, patience)
  local action
  for _, offered in ipairs((answer and answer[client] or {}).result or {}) do
    if offered.title == "Prove" then
      action = offered
    end
  end
  if not action then
    fail("no action at " .. line .. ":" .. column .. ": " .. vim.inspect(answer))
  end
  local outcome
  vim.lsp.buf_request(buffer, "workspace/executeCommand", action.command, function(err, result)
    outcome = err and { message = err.message } or result
  end)
  wait("a proof", function() return outcome ~= nil end)
  if not outcome.applied then
    fail(outcome.message)
  end
  proved = proved + 1
  line, column = next_sorry()
end
settle()
if #complaints() > 0 then
  fail("Lean still complains: " .. vim.inspect(complaints()))
end
if proved ~= 2 then
  fail(proved .. " proofs instead of 2")
end
vim.cmd("write")
vim.lsp.stop_client(client)
vim.cmd("qall!")
