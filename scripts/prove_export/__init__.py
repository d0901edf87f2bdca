"""Turns causal language models of the Hugging Face ecosystem into model folders that `prove` serves.

The command is `scripts/export_model.py`; this package is its parts, one subject a module:

- `config`: what the exporter needs to know of a checkpoint's `config.json`
- `weights`: where weights come from (safetensors shards, or random numbers)
- `rope`: tables of the rotary position embedding and its scaling variants
- `quantize`: blockwise 8 and 4 bit weights
- `tensor_file`: the streamed external data file
- `graph`: nodes and constants of a graph that is being built
- `decoder`: the "prove" layout, a graph of fused operators; `latent` and `experts` are what of DeepSeek's it knows
- `masked`: a folder in the "prove" layout as onnxruntime-genai takes it
- `torch_route`: the "optimum" layout, traced by PyTorch
- `folder`: the tokenizer and configuration files of a model folder
- `runner`: greedy decoding of a folder with ONNX Runtime, for checks and tests
- `check`: an exported folder against its source
"""
