//! Prompt formats, to the letter. The expected texts are what the authors of each prover publish: DeepSeek-Prover-V1.5's prover/utils.py
//! and prover/lean/proof.py, the READMEs of DeepSeek-Prover-V2 and Goedel-Prover-V2, the latter's src/utils.py, and Kimina's model card.

use prove_model::{
    Message, ModelError, Prompt, Request, Role,
    text::{Attempt, Format, Report, Task, Wanted, extract},
};

const HEADER: &str = "import Mathlib\nimport Aesop\n\nset_option maxHeartbeats 0\n\nopen BigOperators Real Nat Topology Rat\n\n";
const STATEMENT: &str = "theorem two (x : ℝ) (h : x = 1) :\n    x + 1 = 2 := by";

fn task() -> Task {
    let informal = Some("Show that it is 2.".to_owned());
    Task { header: HEADER.into(), informal, statement: format!("{STATEMENT}\n"), ..Task::default() }
}

/// The same, some tactics further.
fn further() -> Task {
    let state = "x : ℝ\nh : x = 1\n⊢ 1 + 1 = 2\n".to_owned();
    Task { proof: "  intro\n  rw [h]\n".into(), state: Some(state), ..task() }
}

fn request(format: Format, task: &Task) -> Request {
    format.request(task).expect("a task that fits")
}

/// The text of a completing format, with its resume text.
fn text(format: Format, task: &Task) -> String {
    let request = request(format, task);
    match request.prompt {
        Prompt::Text(text) => text + &request.resume,
        other => panic!("{other:?}"),
    }
}

fn messages(request: &Request) -> Vec<(Role, &str)> {
    match &request.prompt {
        Prompt::Chat(messages) => messages.iter().map(|Message { role, content }| (*role, content.as_str())).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn names_are_found_again() {
    for format in Format::ALL {
        assert_eq!(format.name().parse::<Format>().expect("its name"), format);
    }
    let error = "gpt".parse::<Format>().expect_err("no such format").to_string();
    assert!(error.contains("goedel-v2") && error.contains("prove"), "{error}");
}

#[test]
fn deepseek_v15() {
    let file = format!("{HEADER}/-- Show that it is 2.-/\n{STATEMENT}\n");
    assert_eq!(text(Format::DeepSeekV15, &task()), format!("Complete the following Lean 4 code:\n\n```lean4\n{file}"));
    let cot = "Complete the following Lean 4 code with explanatory comments preceding each line of code:\n\n```lean4\n";
    assert_eq!(text(Format::DeepSeekV15Cot, &task()), format!("{cot}{file}"));
    let comment = "  /- tactic state:\n    x : ℝ\n    h : x = 1\n    ⊢ 1 + 1 = 2\n  -/\n";
    let resumed = format!("Complete the following Lean 4 code:\n\n```lean4\n{file}  intro\n  rw [h]\n{comment}");
    assert_eq!(text(Format::DeepSeekV15, &further()), resumed);
    assert_eq!(text(Format::DeepSeekV15Cot, &further()), resumed.replace("Complete the following Lean 4 code:\n\n```lean4\n", cot));
    assert_eq!(request(Format::DeepSeekV15, &task()).stop, ["```"]);

    let deeper = Task { proof: "  constructor\n  · simp\n    ring_nf\n\n".into(), state: Some("case a\n⊢ a -/ b".into()), ..task() };
    let expected = "    ring_nf\n    /- tactic state:\n      case a\n      ⊢ a - / b\n    -/\n";
    assert!(text(Format::DeepSeekV15, &deeper).ends_with(expected), "indented as the last tactic, and the comment stays closed");
}

#[test]
fn deepseek_v2() {
    let code = format!("Complete the following Lean 4 code:\n\n```lean4\n{HEADER}/-- Show that it is 2.-/\n{STATEMENT}\n  sorry\n```");
    assert_eq!(messages(&request(Format::DeepSeekV2, &task())), [(Role::User, &*code)]);
    let plan = "\n\nBefore producing the Lean 4 code to formally prove the given theorem, provide a detailed proof plan outlining the main \
        proof steps and strategies.\nThe plan should highlight key ideas, intermediate lemmas, and proof structures that will guide the \
        construction of the final formal proof.";
    assert_eq!(messages(&request(Format::DeepSeekV2Cot, &task())), [(Role::User, &*format!("{code}{plan}"))]);
    let resumed = request(Format::DeepSeekV2, &further());
    assert_eq!(resumed.resume, format!("```lean4\n{HEADER}/-- Show that it is 2.-/\n{STATEMENT}\n  intro\n  rw [h]\n"));
}

#[test]
fn goedel_v2_reads_the_errors_of_its_attempts() {
    let task = Task { informal: None, ..task() };
    let first = request(Format::GoedelV2, &task);
    let start =
        format!("Complete the following Lean 4 code:\n\n```lean4\n{HEADER}{STATEMENT} sorry```\n\nBefore producing the Lean 4 code");
    let [(Role::User, asked)] = messages(&first)[..] else { panic!("one message") };
    assert!(asked.starts_with(&start) && asked.ends_with("construction of the final formal proof."), "{asked}");

    let code = "l1\nl2\nl3\nl4\nl5 ℝ\n  l6\n  l7\nl8\nl9\nl10\nl11\nl12\nl13\nl14";
    let report = |start, end, message: &str| Report { start, end, message: message.to_owned() };
    let reports =
        vec![report((5, 3), Some((5, 4)), "no ℝ"), report((6, 2), Some((7, 3)), "two lines"), report((14, 1), None, "to the end")];
    let attempt = Attempt { answer: "I think …".into(), code: code.into(), reports };
    let again = request(Format::GoedelV2, &Task { attempts: vec![attempt], ..task.clone() });
    let expected = "The proof (Round 0) is not correct. Following is the compilation error message, where we use <error></error> to \
        signal the position of the error.\n\n\
        \nError 1:\n\nCorresponding Code:\n```lean4\nl1\nl2\nl3\nl4\nl5 <error>ℝ</error>\n  l6\n\n```\n\nError Message: no ℝ\n\
        \nError 2:\n\nCorresponding Code:\n```lean4\nl2\nl3\nl4\nl5 ℝ\n  <error>l6\n  l</error>7\nl8\n\n```\n\nError Message: two lines\n\
        \nError 3:\n\nCorresponding Code:\n```lean4\nl10\nl11\nl12\nl13\nl<error>14</error>\n\n```\n\nError Message: to the end\n\
        \n\nBefore producing the Lean 4 code to formally prove the given theorem, provide a detailed analysis of the error message.";
    let messages = messages(&again);
    assert_eq!((messages.len(), messages[1], messages[2]), (3, (Role::Assistant, "I think …"), (Role::User, expected)));
}

#[test]
fn long_errors_and_many_errors_are_cut() {
    let code: String = (1..=20).map(|line| format!("  line {line}\n")).collect();
    let long = Report { start: (2, 2), end: Some((15, 4)), message: "long".into() };
    let wild = Report { start: (0, 999), end: Some((999, 999)), message: "outside".into() };
    let reports = [vec![long, wild], vec![Report { start: (1, 0), end: Some((1, 1)), message: "again".into() }; 8]].concat();
    let attempts = vec![Attempt::default(), Attempt { answer: String::new(), code, reports }];
    let request = request(Format::GoedelV2, &Task { attempts, ..task() });
    let messages = messages(&request);
    assert!(messages[2].1.starts_with("The proof (Round 0)") && messages[4].1.starts_with("The proof (Round 1)"));
    let text = messages[4].1;
    let cut = "  line 1\n  <error>line 2\n  line 3\n  line 4\n  line 5\n  line 6\n  line 7\n\n  ... --[Truncated]-- ...\n  li</error>ne 15\n  line 16\n";
    assert!(text.contains(cut), "{text}");
    assert!(text.contains("Error 8:") && !text.contains("Error 9:") && text.contains("... [Omitted 2 more errors] ..."), "{text}");
}

#[test]
fn kimina() {
    let request = request(Format::Kimina, &task());
    let asked = format!(
        "Think about and solve the following problem step by step in Lean 4.\n# Problem:Show that it is 2.\n\
         # Formal statement:\n```lean4\n{HEADER}{STATEMENT}\n```\n"
    );
    assert_eq!(messages(&request), [(Role::System, "You are an expert in mathematics and Lean 4."), (Role::User, &*asked)]);
}

#[test]
fn ours() {
    let header = "### header\nimport Mathlib\nimport Aesop\n\nset_option maxHeartbeats 0\n\nopen BigOperators Real Nat Topology Rat\n";
    let root = format!("{header}### statement\n{STATEMENT}\n### tactics\n");
    assert_eq!(text(Format::Prove, &task()), root);
    let begun = Task { proof: "  intro\n  cases h with\n  | a =>\n    simp\n".into(), ..task() };
    assert_eq!(text(Format::Prove, &begun), format!("{root}intro\ncases h with\n| a =>\n  simp\n"), "tactics start in column 0");
    let premises = vec!["one_add : ∀ x,\n    1 + x = x + 1".to_owned(), "rfl : a = a".to_owned()];
    let further = Task { premises, header: String::new(), ..further() };
    let expected = "### premises\none_add : ∀ x, 1 + x = x + 1\nrfl : a = a\n### state\nx : ℝ\nh : x = 1\n⊢ 1 + 1 = 2\n### tactics\n";
    assert_eq!(text(Format::Prove, &further), expected);
    assert_eq!(request(Format::Prove, &further).stop, ["###"]);
}

#[test]
fn ours_shows_failed_attempts_and_says_what_is_wanted() {
    let reports = vec![Report { start: (2, 2), end: None, message: format!("omega failed\n\n⊢ p\n{}", "x".repeat(300)) }];
    let attempt = Attempt { answer: "omega".into(), code: "theorem t : p := by\n  omega".into(), reports };
    let task = Task { header: String::new(), attempts: vec![attempt], state: Some("⊢ p".into()), wanted: Wanted::Tactic, ..task() };
    let expected = "### state\n⊢ p\n### failed\nomega\n### errors\nomega\n  omega failed\n  ⊢ p\n### tactic\n";
    assert_eq!(text(Format::Prove, &task), expected);
    let sketch = Task { wanted: Wanted::Sketch, attempts: Vec::new(), ..task };
    assert_eq!(text(Format::Prove, &sketch), "### state\n⊢ p\n### sketch\n");
    let chat = request(Format::DeepSeekV2, &sketch);
    assert!(messages(&chat)[0].1.ends_with("concludes from them."), "{chat:?}");
}

#[test]
fn answers_hold_their_proofs() {
    let proof = "induction n with\n| zero => simp\n| succ n ih =>\n  omega";
    for format in Format::ALL {
        let (whole, rest) = (task(), Task { proof: "  intro x\n".into(), state: Some("⊢ p".into()), ..task() });
        let indented = proof.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n");
        let expected = if format == Format::Prove { proof } else { indented.as_str() };
        assert_eq!(extract(format, &format.answer(&whole, proof), "t").expect("it has a proof").body, expected, "{}", format.name());
        let answer = request(format, &rest).resume + &format.answer(&rest, proof);
        let found = extract(format, &answer, "t").expect("it has a proof").body;
        assert!(found.ends_with(expected) && (format.continues() || found.starts_with("  intro x\n")), "{}: {found}", format.name());
    }
    assert_eq!(Format::Prove.answer(&task(), "    simp\n  · omega\n"), "  simp\n· omega\n### end\n");
}

#[test]
fn tasks_that_do_not_fit_are_refused() {
    for statement in ["", "theorem a : b := rfl", "theorem a : b", "by", "theorem a : b := by\n  sorry"] {
        let error = Format::Prove.request(&Task { statement: statement.into(), ..task() }).expect_err(statement);
        assert!(matches!(error, ModelError::Request { field: "prompt", .. }), "{error}");
    }
    let attempted = Task { attempts: vec![Attempt::default()], ..task() };
    for format in Format::ALL {
        assert_eq!(format.request(&attempted).is_ok(), format.takes_attempts(), "{}", format.name());
    }
}
