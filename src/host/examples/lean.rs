fn main(){ let a:Vec<String>=std::env::args().skip(1).collect();
 let inputs=a.iter().filter(|x|x.ends_with(".lean")&&std::path::Path::new(x).exists()).map(|x|(format!("/work/{x}"),std::fs::read(x).unwrap())).collect();
 let outputs=a.iter().zip(a.iter().skip(1)).filter(|(f,_)|*f=="-o").flat_map(|(_,o)|["",".server",".private"].map(|s|(format!("/work/{o}{}",s.trim()),format!("{o}{}",s.trim()).into()))).collect();
 let e=prove_host::run(prove_host::Run{image:"/work/tmp/image".into(),library:"/work/tmp/lib".into(),arguments:a,inputs,outputs}); eprintln!("{e:?}"); }
