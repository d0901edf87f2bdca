//! A search tree as a picture that a browser shows: nodes from left to right by depth, the way to the proof in green.
//!
//! A large tree is cut down to the nodes on the way to a proof and those with the most visits; what is left out is counted where it would
//! be. Everything in full, goals included, is in the tooltips.

use super::tree::{Kind, Node, Outcome, Tree};
use std::{cmp::Reverse, collections::HashSet, fmt::Write};

/// Most nodes drawn.
const MOST: usize = 400;
/// Pixels between levels, and between rows.
const LEVEL: usize = 270;
const ROW: usize = 22;
/// Characters of a label: with its numbers it ends before the next level.
const LABEL: usize = 28;

/// The picture of a tree.
pub(crate) fn draw(tree: &Tree, title: &str) -> String {
    let plan = Plan::new(&tree.nodes);
    let width = 60 + LEVEL * plan.levels.max(3);
    let height = 110 + ROW * plan.rows.max(1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', monospace\" font-size=\"11\">\n\
         <style>.e{{fill:none;stroke:#bbb}}.w{{stroke:#1a7f37;stroke-width:2.5}}text{{fill:#222;paint-order:stroke;stroke:#fff;stroke-width:4px}}.m{{fill:#777}}</style>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<text x=\"20\" y=\"24\" font-size=\"15\" font-weight=\"bold\">{}</text>\n",
        escaped(title)
    );
    legend(&mut out);
    for &(node, place) in &plan.places {
        let (x, y) = place;
        if let Some((px, py)) = tree.nodes[node].parent.and_then(|parent| plan.place(parent)) {
            let class = if tree.nodes[node].outcome == Outcome::Won { "e w" } else { "e" };
            let middle = px + (x - px) / 2;
            let _ = writeln!(out, "<path class=\"{class}\" d=\"M{px} {py}C{middle} {py} {middle} {y} {x} {y}\"/>");
        }
    }
    for &(node, (x, y)) in &plan.places {
        draw_node(&tree.nodes[node], plan.hidden[node], x, y, &mut out);
    }
    out.push_str("</svg>\n");
    out
}

fn draw_node(node: &Node, hidden: usize, x: usize, y: usize, out: &mut String) {
    let colour = match (node.outcome, node.kind) {
        (Outcome::Won, _) => "#1a7f37",
        (Outcome::Refuted, _) => "#cf222e",
        (Outcome::Pruned, _) => "#a8a8a8",
        (Outcome::Open, Kind::Search) => "#24292f",
        (Outcome::Open, Kind::Sketch) => "#9a6700",
        (Outcome::Open, Kind::Statement) => "#8250df",
        (Outcome::Open, Kind::State | Kind::Proof) => "#0969da",
    };
    let radius = 3.5 + (1.0 + node.visits as f64).ln().min(7.0);
    let mut detail = node.detail.clone();
    if node.visits > 0 {
        let _ = write!(detail, "\n\n{} tried or expanded here", node.visits);
    }
    if node.reward > 0.0 {
        let _ = write!(detail, ", reward {}", node.reward);
    }
    let _ = write!(out, "<g><title>{}</title>", escaped(detail.trim()));
    let _ = match node.kind {
        Kind::Statement => write!(out, "<rect x=\"{}\" y=\"{}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>", x - 6, y - 6),
        Kind::Sketch => write!(out, "<path d=\"M{} {y}L{x} {}L{} {y}L{x} {}Z\" fill=\"{colour}\"/>", x - 7, y - 7, x + 7, y + 7),
        Kind::Search | Kind::State | Kind::Proof => write!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius:.1}\" fill=\"{colour}\"/>"),
    };
    let label: String = node.label.lines().next().unwrap_or_default().chars().take(LABEL).collect();
    let more = if label.len() < node.label.len() { "…" } else { "" };
    let mut numbers = String::new();
    if node.visits > 0 {
        let _ = write!(numbers, " {}", node.visits);
    }
    if node.reward > 0.0 {
        let _ = write!(numbers, " ★{}", node.reward);
    }
    if hidden > 0 {
        let _ = write!(numbers, " (+{hidden})");
    }
    // Above the edge to the first child.
    let _ =
        writeln!(out, "<text x=\"{}\" y=\"{}\">{}{more}<tspan class=\"m\">{numbers}</tspan></text></g>", x + 14, y - 4, escaped(&label));
}

fn legend(out: &mut String) {
    let entries = [
        ("#24292f", "search"),
        ("#1a7f37", "proof"),
        ("#0969da", "state"),
        ("#8250df", "statement"),
        ("#9a6700", "sketch"),
        ("#cf222e", "refuted"),
        ("#a8a8a8", "given up"),
    ];
    for (i, (colour, text)) in entries.iter().enumerate() {
        let x = 26 + i * 95;
        let _ = writeln!(out, "<circle cx=\"{x}\" cy=\"46\" r=\"5\" fill=\"{colour}\"/><text x=\"{}\" y=\"50\">{text}</text>", x + 10);
    }
    let numbers = "12 ★3 (+5): tried or expanded 12 times, reward 3, 5 more below that are not drawn";
    let _ = writeln!(out, "<text class=\"m\" x=\"20\" y=\"70\">{numbers}</text>");
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Not allowed in XML, and of no use to a reader.
            c if c.is_control() && c != '\n' => {}
            c => out.push(c),
        }
    }
    out
}

/// Where the nodes are drawn.
struct Plan {
    /// Node and place, parents first.
    places: Vec<(usize, (usize, usize))>,
    by_node: Vec<Option<(usize, usize)>>,
    /// For each node, how many of its children are left out.
    hidden: Vec<usize>,
    levels: usize,
    rows: usize,
}

impl Plan {
    fn new(nodes: &[Node]) -> Plan {
        let drawn = chosen(nodes);
        let mut children = vec![Vec::new(); nodes.len()];
        let mut hidden = vec![0; nodes.len()];
        let mut roots = Vec::new();
        for (i, node) in nodes.iter().enumerate() {
            match node.parent {
                Some(parent) if drawn.contains(&i) => children[parent].push(i),
                Some(parent) => hidden[parent] += 1,
                None => roots.push(i),
            }
        }
        for list in &mut children {
            list.sort_by_key(|&i| Reverse((nodes[i].outcome == Outcome::Won, nodes[i].visits)));
        }
        let mut plan = Plan { places: Vec::new(), by_node: vec![None; nodes.len()], hidden, levels: 0, rows: 0 };
        // Depth first, without recursion: a proof may be long.
        let mut stack: Vec<(usize, usize)> = roots.into_iter().rev().map(|root| (root, 0)).collect();
        let mut last_level = None;
        while let Some((node, level)) = stack.pop() {
            // A child goes on its parent's row if it is the first.
            plan.rows += usize::from(last_level.is_some_and(|last| level <= last));
            last_level = Some(level);
            plan.levels = plan.levels.max(level + 1);
            let place = (30 + level * LEVEL, 100 + plan.rows * ROW);
            plan.places.push((node, place));
            plan.by_node[node] = Some(place);
            stack.extend(children[node].iter().rev().map(|&child| (child, level + 1)));
        }
        plan.rows += 1;
        plan
    }

    fn place(&self, node: usize) -> Option<(usize, usize)> {
        self.by_node[node]
    }
}

/// The nodes to draw: those on the way to a proof, then the most visited, all with what is above them.
fn chosen(nodes: &[Node]) -> HashSet<usize> {
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_by_key(|&i| Reverse((nodes[i].outcome == Outcome::Won, nodes[i].kind != Kind::State, nodes[i].visits)));
    let mut drawn = HashSet::new();
    for node in order {
        if drawn.len() >= MOST {
            break;
        }
        let mut at = Some(node);
        while let Some(node) = at.filter(|node| drawn.insert(*node)) {
            at = nodes[node].parent;
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;
    use prove_search::{Entry, SearchEvent};

    fn reached(node: u32, parent: u32, tactic: &str) -> Entry {
        let event = SearchEvent::Reached { node, parent, tactic: tactic.into(), log_prob: -1.0, state: "⊢ a < b".into() };
        Entry { search: 0, event }
    }

    #[test]
    fn a_large_tree_is_cut_down_and_keeps_its_proof() {
        let mut tree = Tree::default();
        for node in 1..1000 {
            tree.take(reached(node, 0, &format!("step {node}")));
        }
        tree.take(reached(1000, 999, "rw [h] <;> simp"));
        tree.take(Entry { search: 0, event: SearchEvent::Tried { request: 1, node: 999, candidates: vec!["rw [h] <;> simp".into()] } });
        tree.take(Entry { search: 0, event: SearchEvent::Rewarded { node: 999, reward: 1.0 } });
        tree.take(Entry { search: 0, event: SearchEvent::Closed { parent: 1000, tactic: "omega".into() } });
        let picture = draw(&tree, "a \"b\" & c");
        assert!(picture.matches("<title>").count() <= MOST + 2, "{}", picture.matches("<title>").count());
        assert!(picture.contains("rw [h] &lt;;&gt; simp") && picture.contains(">omega"), "{picture}");
        assert!(picture.contains("a &quot;b&quot; &amp; c") && picture.contains("(+") && picture.contains("> 1 ★1</tspan>"), "{picture}");
        assert_eq!(picture.matches("class=\"e w\"").count(), 3, "the way to the proof");
    }

    #[test]
    fn subgoals_stand_below_their_sketch() {
        let mut tree = Tree::default();
        let mut take = |search, event| tree.take(Entry { search, event });
        take(0, SearchEvent::Stated { node: 0, theorem: "p ∧ q".into() });
        take(0, SearchEvent::Stated { node: 1, theorem: "p".into() });
        take(0, SearchEvent::Sketched { node: 2, statement: 0, sketch: "have h : p := by\n  sorry".into(), gaps: vec![1] });
        take(1, SearchEvent::Began { outer: 0, strategy: "proof".into(), theorem: Some("p".into()) });
        take(2, SearchEvent::Began { outer: 0, strategy: "refutation".into(), theorem: Some("¬ (p)".into()) });
        take(1, SearchEvent::Closed { parent: 0, tactic: "simp".into() });
        take(0, SearchEvent::Proved { node: 1, proof: "simp".into() });
        let find = |label: &str| tree.nodes.iter().position(|n| n.label.starts_with(label)).expect(label);
        let parent = |label: &str| tree.nodes[find(label)].parent;
        assert_eq!((parent("p ∧ q"), parent("have h")), (Some(find("search")), Some(find("p ∧ q"))));
        let p = tree.nodes.iter().position(|n| n.label == "p").expect("p");
        assert_eq!((tree.nodes[p].parent, parent("proof"), parent("refutation")), (Some(find("have h")), Some(p), Some(p)));
        assert_eq!(tree.nodes[p].outcome, Outcome::Won);
        assert_eq!(tree.nodes[find("p ∧ q")].outcome, Outcome::Open);
    }
}
