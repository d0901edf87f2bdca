#!/usr/bin/env bash
# Installs llama.cpp's server for tests/remote/llama_cpp.rs into a folder (half a minute, 250 MB), and says how to use it.
# The package xllamacpp holds llama.cpp's own HTTP server, built for Linux; gguf writes the tiny model.
set -euo pipefail
folder=${1:?usage: llama_cpp.sh FOLDER}
[ -x "$folder/bin/python" ] || python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check xllamacpp==2026.10.11549 gguf==0.19.0 numpy==2.4.6
echo "export PROVE_TEST_LLAMA_CPP=$folder/bin/python"
