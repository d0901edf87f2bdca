//! What stands between text and tokens: tokenizer, incremental detokeniser, chat templates, prompt formats.
