//! Names for what a family wrote under names of its own.

use crate::{rng::Rng, words};
use std::collections::{BTreeSet, HashMap};

/// Pools of names; one statement takes the names of a sort from one of them.
const NUMBERS: &[&[&str]] = &[
    &["x", "y", "z", "w", "u", "v"],
    &["a", "b", "c", "d", "e", "f"],
    &["n", "m", "k", "l", "i", "j"],
    &["s", "t", "u", "v", "r", "q"],
    &["x₁", "x₂", "x₃", "x₄", "x₅", "x₆"],
    &["α", "β", "γ", "δ", "ε", "ζ"],
    &["m", "n", "p", "q", "r", "s"],
    &["i", "j", "k", "l", "m", "n"],
    &["x", "x'", "y", "y'", "z", "z'"],
];
const PROPOSITIONS: &[&[&str]] =
    &[&["p", "q", "r", "s", "t", "u"], &["P", "Q", "R", "S", "T", "U"], &["A", "B", "C", "D", "E", "F"], &["φ", "ψ", "χ", "θ", "ξ", "η"]];
const TYPES: &[&[&str]] = &[&["α", "β", "γ", "δ"], &["A", "B", "C", "D"], &["X", "Y", "Z", "W"], &["σ", "τ", "ρ", "κ"]];
const LISTS: &[&[&str]] = &[
    &["xs", "ys", "zs", "ws"],
    &["l", "l'", "l₂", "l₃"],
    &["as", "bs", "cs", "ds"],
    &["l₁", "l₂", "l₃", "l₄"],
    &["s", "t", "u", "v"],
    &["us", "vs", "ws", "ts"],
];
const FUNCTIONS: &[&[&str]] = &[&["f", "g", "h", "k"], &["F", "G", "H", "K"], &["φ", "ψ", "χ", "ω"], &["f₁", "f₂", "f₃", "f₄"]];
const PREDICATES: &[&[&str]] =
    &[&["P", "Q", "R", "S"], &["p", "q", "r", "s"], &["A", "B", "C", "D"], &["U", "V", "W", "T"], &["Red", "Blue", "Green", "Round"]];
const SWITCHES: &[&[&str]] = &[&["a", "b", "c", "d"], &["x", "y", "z", "w"], &["b₁", "b₂", "b₃", "b₄"], &["p", "q", "r", "s"]];
const OTHERS: &[&[&str]] = &[&["x", "y", "z", "w"], &["a", "b", "c", "d"], &["t", "u", "v", "w"], &["o", "o'", "o₂", "o₃"]];
/// Names of hypotheses, by number.
const HYPOTHESES: &[fn(usize) -> String] = &[
    |i| format!("h{}", subscript(i)),
    |i| format!("h{}", i + 1),
    |i| format!("h{}", subscript(i + 1)),
    |i| if i == 0 { "h".to_owned() } else { format!("h{}", "'".repeat(i)) },
    |i| format!("H{}", i + 1),
    |i| {
        ["ha", "hb", "hc", "hd", "he", "hf", "hg", "hi", "hj", "hk", "hl", "hm"]
            .get(i)
            .map_or_else(|| format!("hz{i}"), |s| (*s).to_owned())
    },
];

fn subscript(i: usize) -> String {
    i.to_string().chars().filter_map(|c| char::from_u32('₀' as u32 + c.to_digit(10)?)).collect()
}

/// The pools of a type.
fn pools(kind: &str) -> &'static [&'static [&'static str]] {
    match kind {
        "Type" => TYPES,
        "Prop" => PROPOSITIONS,
        "Bool" => SWITCHES,
        "Nat" | "Int" | "Rat" => NUMBERS,
        _ if kind.starts_with("List") => LISTS,
        _ if kind.ends_with("→ Prop") || kind.ends_with("→ Bool") => PREDICATES,
        _ if kind.contains('→') => FUNCTIONS,
        _ => OTHERS,
    }
}

/// New names for variables of these types (`(name, type)` in order), none of which is among `taken`.
pub(crate) fn variables(rng: &mut Rng, wanted: &[(String, String)], taken: &mut BTreeSet<String>) -> HashMap<String, String> {
    let mut pool_of: HashMap<*const &[&str], &[&str]> = HashMap::new();
    let mut renamed = HashMap::new();
    for (name, kind) in wanted {
        let pools = pools(kind);
        let pool = *pool_of.entry(pools.as_ptr()).or_insert_with(|| rng.pick(pools));
        let free = pool.iter().find(|n| !taken.contains(**n)).map(|n| (*n).to_owned());
        let new = free.unwrap_or_else(|| (1..).map(|i| format!("{}_{i}", pool[0])).find(|n| !taken.contains(n)).unwrap_or_default());
        taken.insert(new.clone());
        renamed.insert(name.clone(), new);
    }
    renamed
}

/// New names for what definitions define, each from its own list.
pub(crate) fn definitions(
    rng: &mut Rng,
    wanted: &[(String, &'static [&'static str])],
    taken: &mut BTreeSet<String>,
) -> HashMap<String, String> {
    let mut renamed = HashMap::new();
    for (name, choices) in wanted {
        let free: Vec<&str> = choices.iter().copied().filter(|n| !taken.contains(*n)).collect();
        let new = if free.is_empty() { name.clone() } else { rng.pick(&free).to_owned() };
        taken.insert(new.clone());
        renamed.insert(name.clone(), new);
    }
    renamed
}

/// Names for so many hypotheses.
pub(crate) fn hypotheses(rng: &mut Rng, n: usize, taken: &BTreeSet<String>) -> Vec<String> {
    let style = rng.pick(HYPOTHESES);
    (0..).map(style).filter(|name| !taken.contains(name)).take(n).collect()
}

/// New names for what quantifiers bind: most keep theirs.
pub(crate) fn bound(rng: &mut Rng, texts: &[&str], taken: &BTreeSet<String>) -> HashMap<String, String> {
    const NAMES: &[&str] = &["x", "y", "z", "a", "b", "c", "k", "i", "j", "t", "u", "v"];
    let mut renamed = HashMap::new();
    let mut used = BTreeSet::new();
    for name in texts.iter().flat_map(|text| words::bound(text)) {
        if renamed.contains_key(&name) {
            continue;
        }
        let free: Vec<&str> = NAMES.iter().copied().filter(|n| !taken.contains(*n) && !used.contains(*n)).collect();
        let clashes = taken.contains(&name) || used.contains(&name);
        let new = if (clashes || rng.chance(30)) && !free.is_empty() { rng.pick(&free).to_owned() } else { name.clone() };
        used.insert(new.clone());
        renamed.insert(name, new);
    }
    renamed
}
