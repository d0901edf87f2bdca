#!/usr/bin/env bash
# Installs what test/workbench.test.ts needs of VS Code into a folder (two minutes, 270 MB), and says how to use it.
# The package code-server holds VS Code's own server for browsers: workbench, extension host and command line. Of its releases this is the last
# for Node 20. What compiles itself at installation (terminal, watchdog, logs) is left out; VS Code runs without.
set -euo pipefail
folder=${1:?usage: code-server.sh FOLDER}
mkdir -p "$folder"
server=$(cd "$folder" && pwd)/package/lib/vscode
if [ ! -d "$server/node_modules" ]; then
    package=$(cd "$folder" && npm pack --silent code-server@4.100.3)
    tar -xzf "$folder/$package" -C "$folder"
    rm "$folder/$package"
    npm --prefix "$server" install --silent --ignore-scripts --omit=dev --no-audit --no-fund
fi
echo "export PROVE_TEST_VSCODE=$server"
