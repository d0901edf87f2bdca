fn main(){ let t=std::time::Instant::now(); let a:Vec<String>=std::env::args().collect(); let p=prove_host::prepare(a[1].as_ref(),a[2].as_ref()).unwrap(); println!("{p:?} {:?}",t.elapsed()); }
