"""Runs llama.cpp's server on a tiny random model until standard input ends. Prints the server's address.

usage: llama_cpp.py FOLDER    (the model is written there)
"""

import pathlib
import sys

import gguf
import numpy as np
import xllamacpp


def byte_alphabet():
    """GPT-2's visible characters for the 256 bytes."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in visible]
    table = {byte: chr(byte) for byte in visible} | {byte: chr(256 + i) for i, byte in enumerate(hidden)}
    return [table[byte] for byte in range(256)]


def write_model(path):
    """A Llama of two layers with random weights, context 512, whose tokens are the bytes and two special ones."""
    random = np.random.default_rng(0)
    width, layers, heads, kv_heads, hidden = 64, 2, 4, 2, 128
    tokens = byte_alphabet() + ["th", "<s>", "</s>"]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(512)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(hidden)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width // heads)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.NORMAL] * 257 + [gguf.TokenType.CONTROL] * 2)
    writer.add_token_merges(["t h"])
    writer.add_bos_token_id(257)
    writer.add_eos_token_id(258)

    def weights(name, *shape):
        writer.add_tensor(name, random.normal(0, 0.3, shape).astype(np.float32))

    def ones(name):
        writer.add_tensor(name, np.ones(width, np.float32))

    weights("token_embd.weight", len(tokens), width)
    ones("output_norm.weight")
    weights("output.weight", len(tokens), width)
    for layer in range(layers):
        prefix = f"blk.{layer}."
        ones(prefix + "attn_norm.weight")
        ones(prefix + "ffn_norm.weight")
        weights(prefix + "attn_q.weight", width, width)
        weights(prefix + "attn_k.weight", width * kv_heads // heads, width)
        weights(prefix + "attn_v.weight", width * kv_heads // heads, width)
        weights(prefix + "attn_output.weight", width, width)
        weights(prefix + "ffn_gate.weight", hidden, width)
        weights(prefix + "ffn_up.weight", hidden, width)
        weights(prefix + "ffn_down.weight", width, hidden)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    path = pathlib.Path(sys.argv[1]) / "tiny.gguf"
    write_model(path)
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = 2048
    params.n_parallel = 4
    params.cpuparams.n_threads = 1
    params.warmup = False
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


main()
