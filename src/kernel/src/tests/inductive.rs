//! Inductive types: what is refused, what is generated, and that nothing declared about a block is believed.

use super::{World, refused};
use crate::declaration::{Declaration, Kind};
use crate::error::{KernelError, Refusal};

fn why(result: Result<Vec<Declaration>, KernelError>) -> &'static str {
    match refused(result) {
        Refusal::Inductive(why) => why,
        other => panic!("refused for {other:?}"),
    }
}

fn kind_of(w: &mut World, name: &str) -> Kind {
    let name = w.env.terms.mk_name(name);
    w.env.get(name).unwrap().unwrap().kind.clone()
}

#[test]
fn occurrences_are_strictly_positive() {
    let mut w = World::new();
    let mut one = |ctor: &str| w.inductive(&[], 0, &[("T", "Type 0", &[("T.mk", ctor)])]);
    one("(Nat → T) → T").unwrap();
    let mut w = World::new();
    let mut one = |ctor: &str| w.inductive(&[], 0, &[("T", "Type 0", &[("T.mk", ctor)])]);
    assert_eq!(why(one("(T → Nat) → T")), "a type of the block occurs in a negative position");
    assert_eq!(why(one("((T → Nat) → Nat) → T")), "a type of the block occurs in a negative position");
    assert_eq!(why(one("(T → T) → T")), "a type of the block occurs in a negative position");
    assert_eq!(why(one("Nat")), "a constructor with another result than its type at the parameters");
    assert_eq!(why(one("(∀ (n : Nat) (x : T), True) → T")), "a type of the block occurs in a negative position");
    // Hidden behind a definition.
    let mut w = World::new();
    w.trust("Not", &[], "Type 0 → Type 0", "fun (α : Type 0) => (α → Nat)");
    assert_eq!(why(w.inductive(&[], 0, &[("T", "Type 0", &[("T.mk", "Not T → T")])])), "a type of the block occurs in a negative position");
}

#[test]
fn indices_do_not_mention_the_type() {
    let mut w = World::new();
    let result = w.inductive(&[], 0, &[("T", "Type 0 → Type 0", &[("T.mk", "T (T Nat) → T Nat")])]);
    assert_eq!(why(result), "a type of the block occurs where it may not");
    let mut w = World::new();
    let result = w.inductive(&[], 0, &[("T", "Type 0 → Type 0", &[("T.mk", "T (T Nat)")])]);
    assert_eq!(why(result), "a constructor with another result than its type at the parameters");
}

#[test]
fn fields_live_in_universes_not_above_the_types() {
    let mut w = World::new();
    assert_eq!(why(w.inductive(&[], 0, &[("T", "Type 0", &[("T.mk", "Type 0 → T")])])), "a field in a universe above the type's");
    let mut w = World::new();
    w.inductive(&[], 0, &[("T", "Type 1", &[("T.mk", "Type 0 → T")])]).unwrap();
    // A proposition may hold anything, but then reveals nothing.
    w.inductive(&[], 0, &[("P", "Prop", &[("P.mk", "Type 0 → P")])]).unwrap();
    let Kind::Recursor(_) = kind_of(&mut w, "P.rec") else { panic!("no recursor") };
    assert!(w.has_type("fun (x : P) => P.rec.{1} (fun (x : P) => Nat) (fun (α : Type 0) => 0) x", "P → Nat").is_err());
    let universe = w.inductive(&["u"], 0, &[("U", "Sort u", &[("U.mk", "Nat → U.{u}")])]);
    assert_eq!(why(universe), "a field in a universe above the type's");
}

#[test]
fn parameters_are_the_same_throughout() {
    let mut w = World::new();
    let result = w.inductive(&[], 1, &[("T", "Type 0 → Type 0", &[("T.mk", "∀ (α : Type 0), T Nat → T α")])]);
    assert_eq!(why(result), "a type of the block occurs where it may not");
    let mut w = World::new();
    let result = w.inductive(&[], 1, &[("T", "Type 0 → Type 0", &[("T.mk", "∀ (α : Type 0), T Nat")])]);
    assert_eq!(why(result), "a constructor with another result than its type at the parameters");
    let mut w = World::new();
    let result = w.inductive(&[], 1, &[("T", "Type 0 → Type 0", &[("T.mk", "∀ (n : Nat), Nat")])]);
    assert_eq!(why(result), "a parameter has another type than in the first type of the block");
    let mut w = World::new();
    assert_eq!(why(w.inductive(&[], 2, &[("T", "Type 0 → Type 0", &[])])), "fewer arguments than parameters");
    let mut w = World::new();
    assert_eq!(why(w.inductive(&[], 0, &[("T", "Nat", &[])])), "a type former that does not end in a universe");
}

#[test]
fn types_of_one_block_share_their_universe() {
    let mut w = World::new();
    let even = ("Even", "Nat → Prop", &[("Even.zero", "Even 0"), ("Even.succ", "∀ (n : Nat), Odd n → Even (Nat.succ n)")][..]);
    w.inductive(&[], 0, &[even, ("Odd", "Nat → Prop", &[("Odd.succ", "∀ (n : Nat), Even n → Odd (Nat.succ n)")])]).unwrap();
    let Kind::Recursor(odd) = kind_of(&mut w, "Odd.rec") else { panic!("no recursor") };
    assert_eq!((odd.num_motives, odd.num_minors, odd.num_indices, odd.rules.len()), (2, 3, 1, 1));
    let mut w = World::new();
    let result = w.inductive(&[], 0, &[("A", "Type 0", &[]), ("B", "Type 1", &[])]);
    assert_eq!(why(result), "types of one block in different universes");
}

#[test]
fn propositions_eliminate_to_data_only_where_that_reveals_nothing() {
    let mut w = World::new();
    let mut large = |name: &str, ty: &str, ctors: &[(&str, &str)]| {
        let mut declared = w.inductive(&[], 0, &[(name, ty, ctors)]).unwrap();
        let recursor = declared.pop().unwrap();
        let Kind::Recursor(rec) = &recursor.kind else { panic!("not a recursor") };
        (recursor.signature.level_params.len() == 1, rec.k)
    };
    assert_eq!(large("Empty", "Prop", &[]), (true, false));
    assert_eq!(large("One", "Prop", &[("One.mk", "One")]), (true, true));
    assert_eq!(large("Proofs", "Prop", &[("Proofs.mk", "True → True → Proofs")]), (true, false));
    assert_eq!(large("Visible", "Nat → Prop", &[("Visible.mk", "∀ (n : Nat), Visible n")]), (true, false));
    assert_eq!(large("Hidden", "Nat → Prop", &[("Hidden.mk", "∀ (n : Nat), Hidden 0")]), (false, false));
    assert_eq!(large("Covered", "Nat → Prop", &[("Covered.mk", "∀ (n : Nat), Covered (Nat.succ n)")]), (false, false));
    assert_eq!(large("Two", "Prop", &[("Two.a", "Two"), ("Two.b", "Two")]), (false, false));
    assert_eq!(large("Data", "Type 0", &[("Data.mk", "Data")]), (true, false));
}

#[test]
fn accessibility_recursion_computes() {
    let mut w = World::new();
    let acc = (
        "Acc",
        "∀ (α : Sort u) (r : α → α → Prop), α → Prop",
        &[("Acc.intro", "∀ (α : Sort u) (r : α → α → Prop) (x : α), (∀ (y : α), r y x → Acc.{u} α r y) → Acc.{u} α r x")][..],
    );
    let declared = w.inductive(&["u"], 2, &[acc]).unwrap();
    assert!(matches!(&declared[0].kind, Kind::Inductive(i) if i.is_rec && i.is_reflexive && i.num_indices == 1));
    assert_eq!(declared[2].signature.level_params.len(), 2, "Acc eliminates into every universe");
}

#[test]
fn nested_occurrences_become_members() {
    let mut w = World::new();
    let declared = w.inductive(&[], 0, &[("Tree", "Type 0", &[("Tree.node", "List.{0} Tree → Tree")])]).unwrap();
    assert!(matches!(&declared[0].kind, Kind::Inductive(i) if i.num_nested == 1 && i.is_rec && !i.is_reflexive));
    let Kind::Recursor(rec) = kind_of(&mut w, "Tree.rec_1") else { panic!("no second recursor") };
    assert_eq!((rec.num_motives, rec.num_minors, rec.rules.len()), (2, 3, 2));
    // Sizes by the recursors: the tree with two leaves has three nodes.
    let motives = "(fun (t : Tree) => Nat) (fun (l : List.{0} Tree) => Nat)";
    let minors =
        "(fun (l : List.{0} Tree) (ih : Nat) => Nat.succ ih) 0 (fun (t : Tree) (l : List.{0} Tree) (a : Nat) (b : Nat) => Slow.add a b)";
    let leaf = "(Tree.node (List.nil.{0} Tree))";
    let node = format!("(Tree.node (List.cons.{{0}} Tree {leaf} (List.cons.{{0}} Tree {leaf} (List.nil.{{0}} Tree))))");
    assert!(w.equal(&format!("Tree.rec.{{1}} {motives} {minors} {node}"), "3"));
}

#[test]
fn nested_occurrences_are_numbered_from_left_to_right() {
    let mut w = World::new();
    let node = "List.{0} (Prod.{0, 0} T Nat) → List.{0} T → T";
    w.inductive(&[], 0, &[("T", "Type 0", &[("T.node", node)])]).unwrap();
    let majors = ["List.{0} (Prod.{0, 0} T Nat)", "List.{0} T", "Prod.{0, 0} T Nat"];
    for (i, major) in (1..).zip(majors) {
        let motives = "∀ (a : T → Prop) (b : List.{0} (Prod.{0, 0} T Nat) → Prop) (c : List.{0} T → Prop) (d : Prod.{0, 0} T Nat → Prop)";
        let motive = ["b", "c", "d"][i - 1];
        let minors = "(∀ (x : List.{0} (Prod.{0, 0} T Nat)) (y : List.{0} T), b x → c y → a (T.node x y)) → \
            b (List.nil.{0} (Prod.{0, 0} T Nat)) → \
            (∀ (h : Prod.{0, 0} T Nat) (t : List.{0} (Prod.{0, 0} T Nat)), d h → b t → b (List.cons.{0} (Prod.{0, 0} T Nat) h t)) → \
            c (List.nil.{0} T) → (∀ (h : T) (t : List.{0} T), a h → c t → c (List.cons.{0} T h t)) → \
            (∀ (x : T) (n : Nat), a x → d (Prod.mk.{0, 0} T Nat x n))";
        w.has_type(&format!("T.rec_{i}.{{0}}"), &format!("{motives}, {minors} → ∀ (t : {major}), {motive} t")).unwrap();
    }
}

#[test]
fn nested_occurrences_keep_all_conditions() {
    let mut w = World::new();
    // Not positive in the outer type's parameter.
    w.inductive(&[], 1, &[("Fun", "Type 0 → Type 0", &[("Fun.mk", "∀ (α : Type 0), (α → Nat) → Fun α")])]).unwrap();
    let result = w.inductive(&[], 0, &[("T", "Type 0", &[("T.mk", "Fun T → T")])]);
    assert_eq!(why(result), "a type of the block occurs in a negative position");
    // Parameters that depend on a field.
    let mut w = World::new();
    w.inductive(&[], 2, &[("Vec", "∀ (α : Type 0) (n : Nat), Type 0", &[("Vec.nil", "∀ (α : Type 0) (n : Nat), Vec α n")])]).unwrap();
    let result = w.inductive(&[], 0, &[("T", "Type 0", &[("T.mk", "∀ (n : Nat), Vec T n → T")])]);
    assert_eq!(why(result), "a nested occurrence whose parameters depend on fields");
    // An ill-typed parameter that the outer type does not use (lean4#14576).
    let mut w = World::new();
    w.inductive(&[], 2, &[("Ghost", "∀ (α : Type 0) (n : Nat), Type 0", &[("Ghost.mk", "∀ (α : Type 0) (n : Nat), Ghost α n")])]).unwrap();
    let result = w.inductive(&[], 0, &[("T", "Type 0", &[("T.mk", "Ghost T Bool.true → T")])]);
    assert_eq!(refused(result), Refusal::ArgumentType);
}

/// A block as a file would declare it: determined in one world, offered to another.
fn offered() -> (World, Vec<Declaration>) {
    let mut w = World::new();
    let before = w.env.mark();
    let vec = [
        ("Vec.nil", "∀ (α : Type u), Vec.{u} α Nat.zero"),
        ("Vec.cons", "∀ (α : Type u) (n : Nat), α → Vec.{u} α n → Vec.{u} α (Nat.succ n)"),
    ];
    let declared = w.inductive(&["u"], 1, &[("Vec", "Type u → Nat → Type u", &vec)]).unwrap();
    w.env.roll_back(before);
    (w, declared)
}

#[test]
fn what_is_determined_is_accepted() {
    let (mut w, block) = offered();
    w.check(&block).unwrap();
    assert!(w.equal("Vec.{0} Nat 2", "Vec.{0} Nat (Nat.succ 1)"));
}

/// One change to a block.
type Lie = (&'static str, fn(&mut World, &mut Vec<Declaration>));

#[test]
fn nothing_else_is() {
    let lies: &[Lie] = &[
        ("fewer indices", |_, block| inductive(block).num_indices = 0),
        ("another number of parameters", |_, block| inductive(block).num_params = 0),
        ("not recursive", |_, block| inductive(block).is_rec = false),
        ("reflexive", |_, block| inductive(block).is_reflexive = true),
        ("nested", |_, block| inductive(block).num_nested = 1),
        ("a constructor less", |_, block| {
            inductive(block).ctors.pop();
        }),
        ("constructors in another order", |_, block| inductive(block).ctors.reverse()),
        ("no types", |_, block| inductive(block).all.clear()),
        ("a foreign type in the block", |w, block| inductive(block).all.push(w.env.terms.mk_name("Nat"))),
        ("the constructor of another type", |w, block| constructor(block).induct = w.env.terms.mk_name("Nat")),
        ("another position", |_, block| constructor(block).index = 0),
        ("fewer fields", |_, block| constructor(block).num_fields = 2),
        ("fewer parameters", |_, block| constructor(block).num_params = 0),
        ("K", |_, block| recursor(block).k = true),
        ("fewer motives", |_, block| recursor(block).num_motives = 0),
        ("fewer minor premises", |_, block| recursor(block).num_minors = 1),
        ("motives as minor premises", |_, block| {
            recursor(block).num_motives = 2;
            recursor(block).num_minors = 1;
        }),
        ("fewer recursor indices", |_, block| recursor(block).num_indices = 0),
        ("fewer recursor parameters", |_, block| recursor(block).num_params = 0),
        ("a rule less", |_, block| {
            recursor(block).rules.pop();
        }),
        ("rules exchanged", |_, block| {
            let rules = &mut recursor(block).rules;
            (rules[0].rhs, rules[1].rhs) = (rules[1].rhs, rules[0].rhs);
        }),
        ("fields of a rule", |_, block| recursor(block).rules[1].num_fields = 1),
        ("a rule without induction hypothesis", |w, block| {
            let text = "fun (α : Type u) (motive : ∀ (n : Nat), Vec.{u} α n → Sort v) (nil : motive 0 (Vec.nil.{u} α)) \
                        (cons : ∀ (n : Nat) (a : α) (x : Vec.{u} α n), motive n x → motive (Nat.succ n) (Vec.cons.{u} α n a x)) => nil";
            recursor(block).rules[0].rhs = w.term(&text.replace("Sort v", "Sort u"));
        }),
        ("another type of the recursor", |w, block| block[3].signature.ty = w.term("False")),
        ("universes of the recursor", |_, block| {
            block[3].signature.level_params.remove(0);
        }),
        ("no recursor", |_, block| {
            block.pop();
        }),
        ("a second recursor", |w, block| {
            let mut second = block[3].clone();
            second.signature.name = w.env.terms.mk_name("Vec.rec_1");
            block.push(second);
        }),
        ("a recursor under another name", |w, block| block[3].signature.name = w.env.terms.mk_name("Vec.wreck")),
    ];
    for (lie, tell) in lies {
        let (mut w, mut block) = offered();
        let names: Vec<_> = block.iter().map(Declaration::name).collect();
        tell(&mut w, &mut block);
        let result = w.check(&block);
        assert!(matches!(result, Err(KernelError::Refused { .. })), "{lie}: {result:?}");
        assert!(names.into_iter().all(|name| w.env.get(name).unwrap().is_none()), "{lie}: something was left behind");
    }
}

fn inductive(block: &mut [Declaration]) -> &mut crate::declaration::Inductive {
    match &mut block[0].kind {
        Kind::Inductive(inductive) => inductive,
        other => panic!("{other:?}"),
    }
}

fn constructor(block: &mut [Declaration]) -> &mut crate::declaration::Constructor {
    match &mut block[2].kind {
        Kind::Constructor(constructor) => constructor,
        other => panic!("{other:?}"),
    }
}

fn recursor(block: &mut [Declaration]) -> &mut crate::declaration::Recursor {
    match &mut block[3].kind {
        Kind::Recursor(recursor) => recursor,
        other => panic!("{other:?}"),
    }
}

#[test]
fn constants_of_blocks_do_not_come_alone() {
    let (mut w, block) = offered();
    for (i, declaration) in block.iter().enumerate() {
        refused(w.check(std::slice::from_ref(declaration)));
        let without: Vec<_> = block.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, d)| d.clone()).collect();
        refused(w.check(&without));
    }
    // A recursor that claims a library type for itself: it would give `False` from `Nat`.
    let mut orphan = block[3].clone();
    orphan.signature.name = w.env.terms.mk_name("Nat.wreck");
    let nat = w.env.terms.mk_name("Nat");
    let Kind::Recursor(recursor) = &mut orphan.kind else { unreachable!() };
    recursor.all = vec![nat];
    orphan.signature.ty = w.term("False");
    orphan.signature.level_params.clear();
    recursor.rules.clear();
    assert!(matches!(refused(w.check(&[orphan])), Refusal::NotGenerated(_)));
}
