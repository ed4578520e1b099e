//! What the compiler says about mistakes. After a change on purpose: `TRYBUILD=overwrite cargo test -p credjob --test derive ui`.

#[test]
fn mistakes_are_explained_where_they_are() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
