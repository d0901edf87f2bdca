"""Training of the prover model: from rows that Lean accepted to a checkpoint that `export_model.py` turns into a model folder.

Run it as `python scripts/train COMMAND …`; `python scripts/train --help` lists the commands. The parts, one subject a module:

- `lines`, `rows`: JSON lines; the training rows that `prove data` writes, and their tokens
- `tokenizer`: a byte-level BPE for Lean, trained on the rows
- `parts`, `model`: the decoder, in the layout of Llama
- `latent`, `experts`, `ahead`: what of DeepSeek's can be had in it
- `checkpoint`: Hugging Face folders (ours and others'), and the state of a run that is to be resumed
- `batches`: padded batches of like lengths, the same ones for the same seed
- `likelihood`: what a policy makes of the tokens of a batch
- `optimizer`: AdamW, the cosine schedule, one step with clipping
- `sft`: supervised training
- `objective`: GRPO's loss, by itself
- `rollouts`: groups of samples with Lean's verdicts, drawn by `prove data rollout`
- `curriculum`: which statements are worth sampling again
- `grpo`: reinforcement learning on Lean's verdicts
- `estimate`, `evaluate`: pass@k without bias, with intervals
- `metrics`, `plot`: what a run measured, and its curves
- `pipeline`: all of it in one command
- `average`: the mean of checkpoints
- `ablate`: the decoder's options side by side
"""
