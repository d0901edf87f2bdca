//! Chat templates as model folders bring them along. The templates here are written for these tests, with the constructs and the output
//! of the families that they are named after; the expected texts are written by hand.

use prove_model::{Message, ModelError, Role, text::ChatTemplate};
use serde_json::{Map, Value, json};

/// DeepSeek's output: full-width bars, the system's text first, the end of the text after each answer.
const DEEPSEEK: &str = "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}\
    {% set ns = namespace(system='', seen=false) %}\
    {%- for message in messages %}{%- if message['role'] == 'system' %}{% set ns.system = message['content'] %}{%- endif %}{%- endfor %}\
    {{ bos_token }}{{ ns.system }}\
    {%- for message in messages %}\
    {%- if message['role'] == 'user' %}{{ '<｜User｜>' + message['content'] }}{%- endif %}\
    {%- if message['role'] == 'assistant' and message['content'] is not none %}\
    {% set content = message['content'] %}\
    {% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}\
    {{ '<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>' }}{%- endif %}\
    {%- endfor %}\
    {% if add_generation_prompt %}{{ '<｜Assistant｜>' }}{% endif %}";

/// Qwen 3's output: one block a message, thoughts of earlier turns left out, an empty thought where thinking is off.
const QWEN: &str = r#"{%- if tools %}
    {{- '<|im_start|>system\n' }}{%- for tool in tools %}{{- "\n" }}{{- tool | tojson }}{%- endfor %}{{- '<|im_end|>\n' }}
{%- elif messages[0].role == 'system' %}
    {{- '<|im_start|>system\n' + messages[0].content + '<|im_end|>\n' }}
{%- endif %}
{%- set ns = namespace(last = messages|length - 1, found = false) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if not ns.found and message.role == "user" and not(message.content.startswith('<tool>') and message.content.endswith('</tool>')) %}
        {%- set ns.found = true %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
    {%- elif message.role == "assistant" %}
        {%- set content = message.content %}
        {%- set thought = '' %}
        {%- if message.reasoning_content is string %}
            {%- set thought = message.reasoning_content %}
        {%- elif '</think>' in content %}
            {%- set thought = content.split('</think>')[0].rstrip('\n').split('<think>')[-1].lstrip('\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last and (loop.last or thought) %}
            {{- '<|im_start|>' + message.role + '\n<think>\n' + thought.strip('\n') + '\n</think>\n\n' + content }}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\n' + content }}
        {%- endif %}
        {{- '<|im_end|>\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\n\n</think>\n\n' }}
    {%- endif %}
{%- endif %}"#;

/// Llama 3's output: headers with roles, trimmed contents, refusal of turns out of order. Its blocks rely on `trim_blocks` and
/// `lstrip_blocks`.
const LLAMA: &str = r#"{{- bos_token -}}
{% if messages[0]['role'] == 'system' %}
    {% set loop_messages = messages[1:] %}
    {{- '<|start_header_id|>system<|end_header_id|>\n\n' + messages[0]['content']|trim + '<|eot_id|>' -}}
{% else %}
    {% set loop_messages = messages %}
{% endif %}
{% for message in loop_messages %}
    {% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}
    {% endif %}
    {{- '<|start_header_id|>' ~ message['role'] ~ '<|end_header_id|>\n\n' ~ message['content'] | trim ~ '<|eot_id|>' -}}
{% endfor %}
{{- '<|start_header_id|>assistant<|end_header_id|>\n\n' -}}
"#;

fn say(role: Role, content: &str) -> Message {
    Message { role, content: content.to_owned() }
}

fn render(source: &str, messages: &[Message], variables: Value) -> Result<String, ModelError> {
    let (bos, eos) = ("<｜begin▁of▁sentence｜>".to_owned(), "<｜end▁of▁sentence｜>".to_owned());
    let variables: Map<String, Value> = serde_json::from_value(variables).expect("an object");
    ChatTemplate::new(source, Some(bos), Some(eos)).expect("valid").render(messages, &variables)
}

fn correction() -> [Message; 4] {
    [
        say(Role::System, "Prove."),
        say(Role::User, "⊢ 1 + 1 = 2 "),
        say(Role::Assistant, "<think>\nrfl?\n</think>\n\n```lean4\nrfl\n```"),
        say(Role::User, "<error>no</error>"),
    ]
}

#[test]
fn deepseek() {
    let expected = "<｜begin▁of▁sentence｜>Prove.<｜User｜>⊢ 1 + 1 = 2 <｜Assistant｜>\n\n```lean4\nrfl\n```<｜end▁of▁sentence｜>\
        <｜User｜><error>no</error><｜Assistant｜>";
    assert_eq!(render(DEEPSEEK, &correction(), json!({})).expect("renders"), expected);
}

#[test]
fn qwen() {
    let expected = "<|im_start|>system\nProve.<|im_end|>\n<|im_start|>user\n⊢ 1 + 1 = 2 <|im_end|>\n\
        <|im_start|>assistant\n```lean4\nrfl\n```<|im_end|>\n<|im_start|>user\n<error>no</error><|im_end|>\n<|im_start|>assistant\n";
    assert_eq!(render(QWEN, &correction(), json!({})).expect("renders"), expected);
    let quiet = render(QWEN, &correction()[1..2], json!({"enable_thinking": false})).expect("renders");
    assert_eq!(quiet, "<|im_start|>user\n⊢ 1 + 1 = 2 <|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n");
    let continued = render(QWEN, &correction()[..3], json!({})).expect("renders");
    assert!(continued.contains("assistant\n<think>\nrfl?\n</think>\n\n```lean4"), "the last answer keeps its thought: {continued}");
}

#[test]
fn llama() {
    let expected = "<｜begin▁of▁sentence｜><|start_header_id|>system<|end_header_id|>\n\nProve.<|eot_id|>\
        <|start_header_id|>user<|end_header_id|>\n\n⊢ 1 + 1 = 2<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n";
    assert_eq!(render(LLAMA, &correction()[..2], json!({})).expect("renders"), expected);
    let twice = [say(Role::User, "a"), say(Role::User, "b")];
    let error = render(LLAMA, &twice, json!({})).expect_err("two users in a row").to_string();
    assert!(error.contains("roles must alternate"), "{error}");
}

#[test]
fn json_is_written_as_python_does() {
    let tools = json!({"tools": [{"name": "lean", "args": ["a<b", "ℕ", 1, true, null]}]});
    let text = render("{{ tools[0] | tojson }}{{ tools[0].args | tojson(indent=1) }}", &[], tools).expect("renders");
    let compact = r#"{"args": ["a<b", "ℕ", 1, true, null], "name": "lean"}"#;
    assert_eq!(text, format!("{compact}[\n \"a<b\",\n \"ℕ\",\n 1,\n true,\n null\n]"));
}

#[test]
fn what_hugging_face_offers_is_there() {
    let year = render("{{ strftime_now('%Y') }}", &[], json!({})).expect("renders");
    assert!(year.len() == 4 && year.parse::<u32>().is_ok_and(|year| year > 2024), "{year}");
    let source = "{% for i in range(9) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}{{ nothing }}{{ 'a b'.title() }}";
    assert_eq!(render(source, &[], json!({})).expect("renders"), "01A B");
    assert_eq!(render("a\n{% if true %}\nb\n  {% endif %}\nc\n", &[], json!({})).expect("renders"), "a\nb\nc");
}

#[test]
fn a_template_that_does_not_end_is_stopped() {
    let source = "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}";
    let error = render(source, &[], json!({})).expect_err("too much work").to_string();
    assert!(error.contains("fuel"), "{error}");
}

#[test]
fn folders() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &str| std::fs::write(folder.path().join(name), content).expect("writes");
    let load = || ChatTemplate::load(folder.path());
    let text = || load().expect("loads").expect("there").render(&[], &Map::new()).expect("renders");
    assert!(load().expect("nothing there").is_none());

    write("tokenizer_config.json", &json!({"bos_token": "<s>", "chat_template": "one {{ bos_token }}{{ eos_token }}"}).to_string());
    assert_eq!(text(), "one <s>");
    let named = |names: &[&str]| names.iter().map(|name| json!({"name": name, "template": name})).collect::<Vec<_>>();
    write("tokenizer_config.json", &json!({"chat_template": named(&["tool_use", "default"])}).to_string());
    assert_eq!(text(), "default");
    write("tokenizer_config.json", &json!({"chat_template": named(&["rag"])}).to_string());
    assert_eq!(text(), "rag");
    write("tokenizer_config.json", &json!({"chat_template": named(&["rag", "tool_use"])}).to_string());
    let error = load().expect_err("which one?").to_string();
    assert!(error.contains("rag") && error.contains("tool_use") && error.contains("default"), "{error}");
    write("chat_template.jinja", "the file");
    assert_eq!(text(), "the file");
    write("chat_template.jinja", "{% if %}");
    let error = load().expect_err("no Jinja").to_string();
    assert!(error.contains("not valid"), "{error}");
}
