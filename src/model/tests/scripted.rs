//! The scripted generator keeps to what every generator promises.

use prove_model::{
    FinishReason, Generator, ModelError, Request,
    scripted::{Answer, Scripted},
};
use std::time::Duration;

#[tokio::test]
async fn a_list_is_answered_in_order_and_then_it_is_empty() {
    let model = Scripted::list(["simp", "omega\nrfl", "ring"]);
    let request = Request { samples: 2, stop: vec!["\n".to_owned()], ..Request::new("⊢ a = a") };
    let completion = model.generate(request).await.expect("starts").complete().await.expect("answers");
    let texts: Vec<_> = completion.samples.iter().map(|sample| sample.text.as_str()).collect();
    assert_eq!(texts, ["simp", "omega"]);
    assert_eq!(completion.samples[1].finish, FinishReason::StopString("\n".to_owned()));
    let rest = Request { samples: 2, ..Request::new("again") };
    let error = model.generate(rest).await.expect("starts").complete().await.expect_err("one answer is left");
    assert!(matches!(error, ModelError::Fault(detail) if detail.contains("no further")));
    assert_eq!(model.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn delays_and_faults_come_when_the_script_says_so() {
    let model = Scripted::new(|request, sample| match request.sampling.seed {
        0 => Answer::from(if sample == 0 { "a" } else { "b" }).after(Duration::from_secs(3600)),
        _ => Answer::fault("out of order"),
    });
    let mut waiting = model.generate(Request { samples: 2, ..Request::new("") }).await.expect("starts");
    assert!(tokio::time::timeout(Duration::from_secs(7199), waiting.next()).await.is_err(), "both take an hour");
    assert_eq!(waiting.complete().await.expect("answers").samples[1].text, "b");
    let mut request = Request::new("");
    request.sampling.seed = 1;
    let error = model.generate(request).await.expect("starts").complete().await.expect_err("a fault");
    assert!(matches!(error, ModelError::Fault(detail) if detail == "out of order"));
}

#[tokio::test]
async fn a_request_out_of_range_is_refused() {
    let model = Scripted::list(["a"]);
    let error = model.generate(Request { samples: 0, ..Request::new("") }).await.expect_err("no samples");
    assert!(matches!(error, ModelError::Request { field: "samples", .. }));
}
