//! Both pointer sizes and both kinds of big numbers, on files written here.

mod common;

use common::build::Builder;
use common::writer::{Word, Writer};
use num_bigint::BigUint;
use prove_kernel::declaration::{Kind, ReducibilityHints, Safety};
use prove_kernel::term::{BinderInfo, ExprNode, Level, LevelNode, NameNode, Terms};
use prove_olean::audit::Declared;
use prove_olean::{BigNumbers, Bytes, Decoder, Error, Image, Level as PartLevel, Memo, PointerSize, render};

const LAYOUTS: [(PointerSize, BigNumbers); 4] = [
    (PointerSize::Four, BigNumbers::Native),
    (PointerSize::Four, BigNumbers::Gmp),
    (PointerSize::Eight, BigNumbers::Native),
    (PointerSize::Eight, BigNumbers::Gmp),
];

#[test]
fn every_kind_of_expression_decodes_in_every_layout() {
    for (size, big_numbers) in LAYOUTS {
        let mut b = Builder::new(size, big_numbers);
        b.import("Init");
        let (prop, v0) = (b.prop(), b.bvar(0));
        let digits: Vec<u8> = (1..=16).collect();
        let big = b.out.big(&digits);
        let number = b.nat_lit(big);
        let text = b.str_lit("ℕ\0\n");
        let pair = b.app(number, text);
        let pair = b.mdata(pair);
        let field = b.proj("Prod", 1, pair);
        let with_let = b.let_("x", prop, field, v0);
        let lambda = b.binder(6, "y", prop, with_let, 3);
        let u = b.name("u");
        let param = b.out.ctor(4, &[u], &[0; 8]);
        let succ = b.out.ctor(1, &[param], &[0; 8]);
        let max = b.out.ctor(2, &[succ, Writer::boxed(0)], &[0; 8]);
        let imax = b.out.ctor(3, &[max, param], &[0; 8]);
        let name = b.name("C");
        let constant = b.constant_at(name, &[imax]);
        let value = b.app(lambda, constant);
        let ty = b.forall("z", prop, prop);
        b.definition("A.d", ty, value, 2);
        b.end_part();
        b.end_part();
        let image = b.image();

        assert_eq!((image.header().pointer_size, image.header().big_numbers), (size, big_numbers));
        assert_eq!(image.header().lean_version, "4.28.0-pre");
        let mut terms = Terms::new();
        let declared = Declared::decode(&image, &mut terms).unwrap();
        assert_eq!(declared.imports()[0].module.to_string(), "Init");
        let name = terms.mk_name("A.d");
        let declaration = declared.get(name).unwrap();
        let Kind::Definition { value, hints, safety, all } = &declaration.kind else { panic!("{declaration:?}") };
        assert_eq!((*hints, *safety, all.as_slice()), (ReducibilityHints::Regular(7), Safety::Partial, &[name][..]));
        assert_eq!(declaration.signature.level_params.len(), 1);
        let ExprNode::App(lambda, constant) = terms.expr(*value) else { panic!() };
        let ExprNode::Lam(binder, body) = terms.expr(lambda) else { panic!() };
        assert_eq!((render::name(&terms, binder.name).as_str(), binder.info), ("y", BinderInfo::InstImplicit));
        let ExprNode::Let { value, nondep: true, .. } = terms.expr(body) else { panic!() };
        let ExprNode::Proj(_, 1, pair) = terms.expr(value) else { panic!() };
        let ExprNode::MData(pair) = terms.expr(pair) else { panic!() };
        let ExprNode::App(number, text) = terms.expr(pair) else { panic!() };
        let (ExprNode::NatLit(number), ExprNode::StrLit(text)) = (terms.expr(number), terms.expr(text)) else { panic!() };
        assert_eq!(*terms.nat(number), BigUint::from_bytes_le(&digits));
        assert_eq!(terms.str(text), "ℕ\0\n");
        let ExprNode::Const(_, levels) = terms.expr(constant) else { panic!() };
        let LevelNode::IMax(max, param) = terms.level(terms.levels(levels)[0]) else { panic!() };
        let LevelNode::Max(succ, Level::ZERO) = terms.level(max) else { panic!() };
        assert_eq!(terms.level(succ), LevelNode::Succ(param));
    }
}

#[test]
fn shared_and_deep_terms_take_linear_time_and_no_stack() {
    let mut b = Builder::private();
    let mut shared = b.prop();
    let mut deep = b.prop();
    for _ in 0..50_000 {
        shared = b.app(shared, shared);
        deep = b.mdata(deep);
    }
    b.theorem("wide", shared, deep);
    let image = b.image();
    let mut terms = Terms::new();
    Declared::decode(&image, &mut terms).unwrap();
    assert!(terms.expr_count() < 200_000);
}

#[test]
fn work_that_sharing_does_not_bound_is_refused() {
    let mut b = Builder::private();
    let prop = b.prop();
    let name = b.name("n");
    let all = b.out.list(&vec![name; 5_000]);
    for index in 0..5_000 {
        let own = b.name(&format!("t{index}"));
        let params = b.out.list(&[]);
        let base = b.out.ctor(0, &[own, params, prop], &[]);
        b.add(own, 2, &[base, prop, all], &[]);
    }
    assert_eq!(Declared::decode(&b.image(), &mut Terms::new()).unwrap_err(), Error::TooMuchWork);
}

#[test]
fn unfinished_terms_are_refused_as_content() {
    for tag in [1, 2] {
        let mut b = Builder::private();
        let name = b.name("m");
        let open = b.out.ctor(tag, &[name], &[0; 8]);
        let prop = b.prop();
        b.theorem("t", prop, open);
        let error = Declared::decode(&b.image(), &mut Terms::new()).unwrap_err();
        assert!(matches!(error, Error::OpenTerm { .. }) && error.is_content(), "{error}");
    }
}

#[test]
fn a_pointer_that_does_not_lead_back_is_refused() {
    // A term that contains itself, and one that points forward.
    for forward in [0u64, 64] {
        let mut b = Builder::private();
        let prop = b.prop();
        let before = b.app(prop, prop);
        let itself = Word(before.0.wrapping_add(24 + forward));
        let cyclic = b.app(prop, itself);
        b.theorem("t", prop, cyclic);
        let error = Declared::decode(&b.image(), &mut Terms::new()).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }) && !error.is_content(), "{error}");
    }
}

#[test]
fn numbers_out_of_range_are_refused_not_truncated() {
    let mut b = Builder::private();
    let big = b.out.big(&[0xff; 16]);
    let name = b.name("x");
    let numbered = b.name_num(name, big);
    let prop = b.prop();
    let constant = b.constant_at(numbered, &[]);
    b.theorem("t", prop, constant);
    let error = Declared::decode(&b.image(), &mut Terms::new()).unwrap_err();
    assert!(matches!(error, Error::OutOfRange { .. }), "{error}");

    // A name and a level of absurd height.
    let mut b = Builder::private();
    let name = (0..2000).fold(Writer::boxed(0), |prefix, index| b.name_num(prefix, Writer::boxed(index)));
    let level = (0..2000).fold(Writer::boxed(0), |level, _| b.out.ctor(1, &[level], &[0; 8]));
    let (sort, prop) = (b.out.ctor(3, &[level], &[0; 8]), b.prop());
    let constant = b.constant_at(name, &[]);
    b.theorem("t", prop, sort);
    b.theorem("u", prop, constant);
    let image = b.image();
    let data = image.module_data(PartLevel::Private).unwrap();
    let (mut memo, mut terms) = (Memo::default(), Terms::new());
    let mut decoder = Decoder::new(&image, &mut memo, &mut terms);
    for constant in data.constants().iter() {
        let error = decoder.declaration(constant.unwrap(), data.addr()).unwrap_err();
        assert!(matches!(error, Error::OutOfRange { .. }) && error.is_content(), "{error}");
    }

    let mut b = Builder::private();
    let largest = b.out.nat(u64::MAX);
    let numbered = b.name_num(Writer::boxed(0), largest);
    let prop = b.prop();
    let constant = b.constant_at(numbered, &[]);
    b.theorem("t", prop, constant);
    let mut terms = Terms::new();
    let declared = Declared::decode(&b.image(), &mut terms).unwrap();
    let ExprNode::Const(name, _) = terms.expr(declared.constants()[0].value().unwrap()) else { panic!() };
    assert_eq!(terms.name(name), NameNode::Num(prove_kernel::Name::ANONYMOUS, u64::MAX));
}

#[test]
fn parts_must_belong_together() {
    let files = || {
        let mut b = Builder::private();
        let prop = b.prop();
        b.axiom("a", prop);
        b.files()
    };
    let image = |files: Vec<Vec<u8>>| Image::new(files.into_iter().map(Bytes::Owned).collect());
    assert!(image(files()).is_ok());
    let [a, b, c]: [Vec<u8>; 3] = files().try_into().unwrap();
    assert!(matches!(image(vec![b.clone(), a.clone(), c.clone()]), Err(Error::Parts(_))));
    assert!(matches!(image(vec![a.clone(), a.clone(), c.clone()]), Err(Error::Parts(_))));
    let mut other_build = c.clone();
    other_build[41] = b'b';
    assert!(matches!(image(vec![a.clone(), b.clone(), other_build]), Err(Error::Parts(_))));
    assert!(matches!(image(vec![]), Err(Error::Parts(_))));
    // Without the private part there is no telling what the module declares.
    let incomplete = image(vec![a, b]).unwrap();
    assert!(matches!(Declared::decode(&incomplete, &mut Terms::new()), Err(Error::Parts(_))));
    assert_eq!(incomplete.module_data(PartLevel::Exported).unwrap().constant_count(), 0);
}

#[test]
fn headers_that_are_not_ours_are_refused() {
    let file = Builder::new(PointerSize::Eight, BigNumbers::Gmp).files().remove(0);
    let open = |bytes: Vec<u8>| Image::new(vec![Bytes::Owned(bytes)]).map(drop);
    assert_eq!(open(file.clone()), Ok(()));
    for length in 0..96 {
        assert!(open(file[..length].to_vec()).is_err(), "{length}");
    }
    let with = |at: usize, byte: u8| {
        let mut file = file.clone();
        file[at] = byte;
        open(file)
    };
    assert_eq!(with(0, b'O'), Err(Error::NotOlean));
    assert_eq!(with(5, 3), Err(Error::Version(3)));
    assert_eq!(with(80, 1), Err(Error::PointerSize));
}

#[test]
fn imports_cannot_leave_the_library_folder() {
    for hostile in ["..", "a/b", "", "a\0b", "C:"] {
        let mut b = Builder::private();
        let text = b.out.string(hostile);
        let name = b.out.ctor(1, &[Writer::boxed(0), text], &[0; 8]);
        let import = b.out.ctor(0, &[name], &[0, 1, 0]);
        b.import_as(import);
        assert!(matches!(Declared::decode(&b.image(), &mut Terms::new()), Err(Error::Damaged { .. })), "{hostile:?}");
    }
}
