//! A report as one page that needs nothing else: its style, its pictures and all proofs are in it.

use super::{
    CostKind, Pair, Report, RunReport,
    markdown::{counts, interval, percent, settings},
    plot::{Line, steps},
};
use crate::run::Record;
use maud::{DOCTYPE, Markup, PreEscaped, html as page};

const STYLE: &str = include_str!("report.css");

/// The page, or why a picture could not be drawn.
pub fn html(report: &Report) -> Result<String, String> {
    let names: Vec<&str> = report.runs.iter().map(|run| run.plan.suite.as_str()).collect();
    let mut suites = names.clone();
    suites.dedup();
    let title = format!("prove bench: {}", suites.join(", "));
    Ok(page! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                (overview(report))
                (pictures(report)?)
                @for pair in &report.pairs { (compared(pair)) }
                (published(report))
                @for run in &report.runs { (section(run)) }
            }
        }
    }
    .into_string())
}

fn overview(report: &Report) -> Markup {
    page! {
        table {
            thead { tr { th { "run" } th { "strategy" } th { "model" } th { "problems" } th { "proved" } th { "pass@1" } th { "95 % interval" } } }
            tbody {
                @for run in &report.runs {
                    tr {
                        td { (run.name) }
                        td { (run.plan.strategy) }
                        td { (run.plan.model.as_ref().map_or("none", |model| model.name.as_str())) }
                        td.n { (run.scored) }
                        td.n { (run.proved) }
                        @if let Some(pass) = run.pass.first() {
                            td.n { (percent(pass.estimate.mean)) }
                            td.n { (interval(pass.estimate)) }
                        }
                    }
                }
            }
        }
    }
}

fn pictures(report: &Report) -> Result<Markup, String> {
    let mut pictures = Vec::new();
    for kind in CostKind::ALL {
        let line = |run: &RunReport| {
            let curve = run.curves.iter().find(|curve| curve.cost == kind)?;
            Some((run.name.clone(), curve.points.clone()))
        };
        let caption = format!("Part of the problems that one attempt solves, against {}", kind.name());
        pictures.push((kind.name(), caption, report.runs.iter().filter_map(line).collect::<Vec<_>>()));
    }
    let of_pass = |run: &RunReport| {
        let points: Vec<(f64, f64)> = run.pass.iter().map(|pass| (f64::from(pass.k), pass.estimate.mean)).collect();
        (points.len() > 1).then(|| (run.name.clone(), points))
    };
    let caption = "pass@k: part of the problems that k attempts solve".to_owned();
    pictures.push(("k", caption, report.runs.iter().filter_map(of_pass).collect()));
    let mut drawn = Vec::new();
    for (cost, caption, lines) in pictures {
        let lines: Vec<Line<'_>> = lines.iter().map(|(name, points)| Line { name, points: points.clone() }).collect();
        drawn.push((caption, steps(cost, &lines).map_err(|error| error.to_string())?));
    }
    Ok(page! {
        div.pictures {
            @for (caption, svg) in drawn.iter().filter(|(_, svg)| !svg.is_empty()) {
                figure { (PreEscaped(svg)) figcaption { (caption) } }
            }
        }
    })
}

fn compared(pair: &Pair) -> Markup {
    page! {
        h2 { (pair.first) " against " (pair.second) }
        p {
            "Of " (pair.problems) " problems in common, " (pair.only_first.len()) " are proved by the first only and "
            (pair.only_second.len()) " by the second only. McNemar's exact test: p = " (format!("{:.2e}", pair.p)) "."
        }
        @for (run, names) in [(&pair.first, &pair.only_first), (&pair.second, &pair.only_second)] {
            @if !names.is_empty() { details { summary { "only " (run) } p { (names.join(", ")) } } }
        }
    }
}

fn published(report: &Report) -> Markup {
    page! {
        @if !report.published.is_empty() {
            h2 { "Published, not measured here" }
            table {
                thead { tr { th { "system" } th { "suite" } th { "k" } th { "solved" } th { "source" } } }
                tbody {
                    @for result in &report.published {
                        @for value in &result.values {
                            tr {
                                td { (result.system) }
                                td { (result.suites.join(", ")) " / " (result.split.as_deref().unwrap_or("all")) }
                                td.n { (value.k) }
                                td.n { (value.text()) }
                                td { (result.source) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn section(run: &RunReport) -> Markup {
    let total = run.total;
    page! {
        h2 { (run.name) }
        p { (settings(run)) }
        p { (counts(run)) }
        p {
            "All attempts together: " (total.checks) " candidates checked, " (format!("{:.0}", total.lean_seconds)) " s of Lean workers, "
            (total.model_tokens) " model tokens, " (format!("{:.0}", total.judge_seconds)) " s of the judge."
        }
        table {
            thead { tr { th { "k" } th { "pass@k" } th { "95 % interval" } } }
            tbody {
                @for pass in &run.pass {
                    tr { td.n { (pass.k) } td.n { (percent(pass.estimate.mean)) } td.n { (interval(pass.estimate)) } }
                }
            }
        }
        table {
            thead { tr { th { "topic" } th { "problems" } th { "proved" } th { "pass@1" } th { "95 % interval" } th {} } }
            tbody {
                @for topic in &run.topics {
                    tr {
                        td { (topic.topic) }
                        td.n { (topic.problems) }
                        td.n { (topic.proved) }
                        td.n { (percent(topic.pass.mean)) }
                        td.n { (interval(topic.pass)) }
                        td { span.bar style=(format!("width:{:.0}px", 160.0 * topic.pass.mean)) {} }
                    }
                }
            }
        }
        @for (named, what) in [(&run.unsupported, "unsupported on this Lean"), (&run.faulty, "with faults left")] {
            @if !named.is_empty() {
                details {
                    summary { (named.len()) " " (what) }
                    ul { @for named in named { li { b { (named.problem) } " " (named.message.lines().next().unwrap_or_default()) } } }
                }
            }
        }
        h3 { "Proofs" }
        @for record in &run.proofs { (proof(record)) }
    }
}

fn proof(record: &Record) -> Markup {
    page! {
        details {
            summary {
                (record.problem)
                @if record.attempt > 0 { " (attempt " (record.attempt + 1) ")" }
                span.cost { (record.cost.checks) " checks, " (format!("{:.1}", record.cost.wall_seconds)) " s" }
            }
            @if let Some(proof) = &record.proof { pre { (proof) } }
            @if let Some(evidence) = &record.evidence {
                dl {
                    dt { "axioms" } dd { @if evidence.axioms.is_empty() { "none" } @else { (evidence.axioms.join(", ")) } }
                    dt { "Lean" } dd { (evidence.lean) }
                    dt { "statement" } dd.hash { (evidence.statement_hash) }
                    dt { "proof" } dd.hash { (evidence.proof_hash) }
                    dt { "judged file" } dd.hash { (evidence.file_hash) }
                    dt { "seed" } dd { (evidence.seed) }
                    dt { "model" } dd { (evidence.model.as_deref().unwrap_or("none")) }
                    dt { "audits" } dd { (serde_json::to_string(&evidence.audits).unwrap_or_default()) }
                }
            }
        }
    }
}
