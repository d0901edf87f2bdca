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
fn separators_of_json_can_be_chosen() {
    let source = "{{ {'b': [1, 2], 'a': {}} | tojson(separators=(',', ':')) }}{{ {'b': 1, 'a': 2} | tojson(ensure_ascii=False) }}";
    assert_eq!(render(source, &[], json!({})).expect("renders"), r#"{"b":[1,2],"a":{}}{"b": 1, "a": 2}"#);
    for (source, words) in [
        ("{{ 1 | tojson(separators=[',']) }}", "two separators"),
        ("{{ 1 | tojson(ensure_ascii=true) }}", "ensure_ascii"),
        ("{{ 1 | tojson(depth=2) }}", "depth"),
    ] {
        let error = render(source, &[], json!({})).expect_err("not Python's").to_string();
        assert!(error.contains(words), "{error}");
    }
}

/// The constructs that the published templates of DeepSeek (Prover V2, R1, V3.1), Qwen 2.5 and 3 and what was trained from them use,
/// each with the text that Jinja 2 as Hugging Face sets it up gives for it.
#[test]
fn constructs_of_published_templates() {
    let calls =
        "{%- set m = {'role': 'assistant', 'content': none, 'tool_calls': [{'function': {'name': 'lean', 'arguments': {'n': 1}}}]} %}";
    for (source, expected) in [
        ("{{ 'a</think>b</think>c'.split('</think>', 1)[1] }}", "b</think>c"),
        ("{{ 'a</think>b</think>c'.split('</think>')[-1] }}", "c"),
        ("{{ '\n x \n'.strip('\n') }}|{{ '\n\nx'.lstrip('\n') }}|{{ 'x\n'.rstrip('\n') }}", " x |x|x"),
        ("{{ messages[::-1] | length }}{{ (messages | length) - 1 }}{{ messages[1:] | length }}", "433"),
        ("{%- for m in messages[::-1] %}{{ loop.index0 }}{{ m.role[0] }}{%- if loop.last %}.{%- endif %}{%- endfor %}", "0u1a2u3s."),
        ("{%- for m in messages %}{{ loop.previtem.role[0] if loop.previtem is defined else '-' }}{%- endfor %}", "-sua"),
        (
            "{%- for m in messages %}{%- if m.role != 'user' %}{%- continue %}{%- endif %}{{ m.content }};{%- endfor %}",
            "⊢ 1 + 1 = 2 ;<error>no</error>;",
        ),
        ("{{ messages[0].tool_calls is defined }}{{ 'tool_calls' in messages[0] }}{{ 'content' not in messages[0] }}", "FalseFalseFalse"),
        ("{{ messages[0].get('tools', 'none') }}{{ messages[0].get('role') }}{{ messages[0]['name'] }}", "nonesystem"),
        ("{{ enable_thinking is defined and enable_thinking is false }}{{ thinking | default(true) }}", "FalseTrue"),
        ("{{ messages is sequence and messages is not string }}{{ messages[0] is mapping }}{{ none is none }}", "TrueTrueTrue"),
        ("{%- macro turn(role, end='!') -%}<{{ role }}{{ end }}>{%- endmacro %}{{ turn('a') }}{{ turn('b', end='?') }}", "<a!><b?>"),
        ("{%- set text %}\nx{{ 1 + 1 }}\n{% endset %}{{ text | trim }}", "x2"),
        ("{%- set ns = namespace(n=0, first=true) %}{%- for i in range(3) %}{%- set ns.n = ns.n + i %}{%- endfor %}{{ ns.n }}", "3"),
        ("{{ [1, 2] + [3] }}{{ 'a' ~ 1 ~ none }}{{ 'a' * 2 }}{{ 7 // 2 }}{{ 7 % 4 }}", "[1, 2, 3]a1Noneaa33"),
        ("{%- for key, value in {'b': 1, 'a': 'x'}.items() %}{{ key }}={{ value }},{%- endfor %}", "b=1,a=x,"),
        ("{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join('+') }}", "⊢ 1 + 1 = 2 +<error>no</error>"),
        ("{{ messages | rejectattr('role', 'in', ['user', 'system']) | list | length }}", "1"),
        ("{%- for m in messages if m.role == 'user' %}{{ loop.index }}{%- else %}none{%- endfor %}", "12"),
        ("{%- generation %}a{{ 1 }}{%- endgeneration -%}\n b {% generation %}c{% endgeneration %}", "a1b c"),
        ("{# a note #}{{- 'x' -}}  \n{#- another -#}  y", "xy"),
    ] {
        assert_eq!(render(source, &correction(), json!({})).expect(source), expected, "{source}");
    }
    for (source, expected) in [
        ("{%- for tool in m['tool_calls'] %}{{ tool.function.name }}{{ tool.function.arguments | tojson }}{%- endfor %}", "lean{\"n\": 1}"),
        ("{{ m.content is none }}{{ m.content is string }}{{ m.tool_calls is iterable }}", "TrueFalseTrue"),
        ("{%- if m.role == 'assistant' and 'tool_calls' in m and m['content'] is none %}call{%- endif %}", "call"),
        ("{%- if m.tool_calls[0].function.arguments is string %}text{%- else %}map{%- endif %}", "map"),
    ] {
        assert_eq!(render(&format!("{calls}{source}"), &[], json!({})).expect(source), expected, "{source}");
    }
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
