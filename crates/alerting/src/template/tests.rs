//! Templates as data: text, and what comes of it.

use super::*;
use crate::golang::time::Time;

/// Functions as both users bring them.
struct TestFunctions;

impl Functions for TestFunctions {
    fn knows(&self, name: &str) -> bool {
        ["upper", "list", "double", "fail"].contains(&name)
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Value, String> {
        match (name, arguments) {
            ("upper", [Value::Text(text)]) => Ok(Value::text(text.to_uppercase())),
            ("list", all) => Ok(Value::list(all.iter().cloned())),
            ("double", [Value::Text(text)]) => Ok(Value::text(format!("{text}{text}"))),
            ("fail", _) => Err("as asked".to_owned()),
            _ => Err("wrong arguments".to_owned()),
        }
    }
}

/// A struct with a list, a map and a method.
#[derive(Debug)]
struct Person;

impl Object for Person {
    fn type_name(&self) -> &'static str {
        "test.Person"
    }

    fn method(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        match (name, arguments) {
            ("Greet", [Value::Text(whom)]) => Some(Ok(Value::text(format!("hello {whom}")))),
            ("Me", []) => Some(Ok(Value::object(Person))),
            ("Broken", _) => Some(Err("broken".to_owned())),
            _ => None,
        }
    }

    fn fields(&self) -> Vec<Field> {
        let labels = Value::text_map([("b", "2"), ("a", "1")]);
        vec![
            Field { name: "Name", json: "name", value: Value::text("Ann") },
            Field { name: "Labels", json: "labels", value: labels },
            Field { name: "Friends", json: "friends", value: Value::texts(["Bo", "Cy"]) },
            Field { name: "Age", json: "age", value: Value::Int(7) },
            Field { name: "Height", json: "height", value: Value::Float(1.5) },
            Field { name: "None", json: "none", value: Value::Nil },
            Field { name: "Born", json: "born", value: Value::time(Time::zero()) },
        ]
    }
}

fn run(text: &str) -> Result<String, TemplateError> {
    run_with(text, Limits::default())
}

fn run_with(text: &str, limits: Limits) -> Result<String, TemplateError> {
    let mut library = Library::default();
    library.add("lib.tmpl", "{{define \"lib\"}}<{{.}}>{{end}}", &TestFunctions).unwrap();
    let variables = [("$given", Value::text("given"))];
    let parsed = parse("t", text, &TestFunctions, &["$given"])?;
    execute(&parsed, &library, &TestFunctions, &variables, &Value::object(Person), limits)
}

fn check(text: &str, expected: &str) {
    match run(text) {
        Ok(output) => assert_eq!(output, expected, "{text}"),
        Err(error) => panic!("{text}: {error}"),
    }
}

fn fails(text: &str, expected: &str) {
    let error = run(text).expect_err(text).to_string();
    assert!(error.contains(expected), "{text}: {error}");
}

#[test]
fn texts_comments_and_trimming() {
    check("plain ä", "plain ä");
    check("a {{- /* note */ -}} b", "ab");
    check("a {{/* note */}} b", "a  b");
    check("a \n {{- 1 -}} \n b", "a1b");
    check("{{`raw\\`}} {{\"q\\n\"}}{{'a'}}", "raw\\ q\n97");
    fails("a {{/* x", "t:1:3: unclosed comment");
    fails("{{/* x */ }}", "comment ends before closing delimiter");
    fails("a\n  {{ .Name", "t:2:3: unclosed action");
    fails("{{ \"x }}", "t:1:4: unterminated quoted string");
    fails("{{ä!}}", "t:1:4: bad character U+0021 '!'");
}

#[test]
fn fields_variables_and_pipelines() {
    check("{{.Name}} {{$.Name}} {{.Me.Name}} {{(.Me).Age}}", "Ann Ann Ann 7");
    check("{{.Labels.a}}{{.Labels.missing}}|{{.None}}", "1|<no value>");
    check("{{.Greet \"Bo\"}} {{\"Cy\" | .Greet}} {{$.Greet .Name}}", "hello Bo hello Cy hello Ann");
    check("{{$x := 1}}{{$x}}{{$x = 2}}{{$x}} {{$given}}", "12 given");
    check("{{\"a\" | upper | printf \"%s-%s\" \"b\"}}", "b-A");
    check("{{$p := .}}{{$p.Labels.b}}", "2");
    fails("{{.Missing}}", "can't evaluate field Missing in type test.Person");
    fails("{{.None.x}}", "nil pointer evaluating interface {}.x");
    fails("{{.Name.x}}", "can't evaluate field x in type string");
    fails("{{.Labels.a 1}}", "a is not a method but has arguments");
    fails("{{.Broken}}", "broken");
    fails("{{$y}}", "undefined variable \"$y\"");
    fails("{{$y = 1}}", "undefined variable \"$y\"");
    fails("{{nofunc}}", "function \"nofunc\" not defined");
    fails("{{1 | 2}}", "non executable command in pipeline");
    fails("{{1 2}}", "can't give argument to non-function");
    fails("{{nil}}", "nil is not a command");
    fails("{{\"a\"\"b\"}}", "unexpected");
    fails("{{.Name | | print}}", "empty command");
    fails("{{}}", "missing value for command");
    fails("{{\"x\" | fail}}", "t:1:9: error calling fail: as asked");
}

#[test]
fn conditions() {
    check("{{if .Name}}y{{else}}n{{end}}{{if .None}}y{{else}}n{{end}}", "yn");
    check("{{if 0}}a{{else if \"\"}}b{{else if .Age}}c{{else}}d{{end}}", "c");
    check("{{with .Labels}}{{.a}}{{end}}{{with .None}}x{{else with .Name}}{{.}}{{end}}", "1Ann");
    check("{{with $x := 5}}{{$x}}{{.}}{{end}}{{if $x := 0}}{{else}}{{$x}}{{end}}", "550");
    check("{{if and 1 \"\" (fail)}}y{{else}}n{{end}} {{or 0 \"x\" (fail)}} {{not 1}}", "n x false");
    check("{{if and .Name (eq .Age 7)}}ok{{end}}", "ok");
}

#[test]
fn loops() {
    check("{{range .Friends}}{{.}},{{end}}{{range .None}}x{{else}}none{{end}}", "Bo,Cy,none");
    check("{{range $i, $f := .Friends}}{{$i}}{{$f}}{{end}}", "0Bo1Cy");
    check("{{range $k, $v := .Labels}}{{$k}}={{$v}};{{end}}", "a=1;b=2;");
    check("{{range $v := .Friends}}{{$v}}{{$.Age}}{{end}}", "Bo7Cy7");
    check(
        "{{range 4}}{{if eq . 1}}{{continue}}{{end}}{{if eq . 3}}{{break}}{{end}}{{.}}{{end}}",
        "02",
    );
    check("{{$x := 0}}{{range .Friends}}{{$x = .}}{{end}}{{$x}}", "Cy");
    check("{{$i := 9}}{{$e := 9}}{{range $i, $e = .Friends}}{{end}}{{$i}}{{$e}}", "1Cy");
    check("{{range 2}}{{range 2}}{{break}}{{end}}o{{end}}", "oo");
    fails("{{break}}", "{{break}} outside {{range}}");
    fails("{{range .Name}}{{end}}", "range can't iterate over string");
    fails("{{range $a, $b, $c := .Friends}}{{end}}", "range can only initialize variables");
    fails("{{range .Friends}}", "{{end}} is missing");
}

#[test]
fn templates() {
    check(
        "{{define \"a\"}}[{{.}}]{{end}}{{template \"a\" .Name}}{{template \"lib\" 1}}",
        "[Ann]<1>",
    );
    check("{{block \"b\" .Age}}b{{.}}{{end}}{{template \"b\" 1}}", "b7b1");
    check("{{define \"lib\"}}own{{end}}{{template \"lib\"}}", "own");
    check(
        "{{define \"r\"}}{{if gt . 0}}{{.}}{{template \"r\" (index (list 0 0 1 2) .)}}{{end}}{{end}}{{template \"r\" 3}}",
        "321",
    );
    fails("{{template \"none\"}}", "template \"none\" not defined");
    fails(
        "{{define \"a\"}}x{{end}}{{define \"a\"}}y{{end}}",
        "multiple definition of template \"a\"",
    );
    fails("{{define \"a\"}}{{$given}}{{end}}", "undefined variable \"$given\"");
    fails("{{if 1}}{{define \"a\"}}{{end}}{{end}}", "unexpected \"define\" in command");
    fails("{{end}}", "unexpected {{end}}");
    fails("{{if 1}}{{else}}{{else}}{{end}}", "expected {{end}}; found {{else}}");
    let error = run("{{define \"a\"}}\n{{.x}}{{end}}{{template \"a\" 1}}").unwrap_err();
    assert_eq!((error.line, error.column), (2, 3));
}

#[test]
fn built_in_functions() {
    check("{{len .Name}}{{len .Friends}}{{len .Labels}}", "322");
    check(
        "{{index .Friends 1}}{{index .Labels \"b\"}}{{index .Labels \"z\"}}{{index \"A\" 0}}",
        "Cy265",
    );
    check("{{slice .Name 1}}{{slice .Name 0 1}}{{len (slice .Friends 1 2)}}", "nnA1");
    check("{{print 1 2 \"x\" 3}}|{{println \"a\" 1}}|{{printf \"%03d\" 7}}", "1 2x3|a 1\n|007");
    check(
        "{{eq 1 2 1}}{{ne \"a\" \"b\"}}{{lt 1 2}}{{le 2 2}}{{gt 1.5 1.0}}{{ge \"b\" \"a\"}}",
        "truetruetruetruetruetrue",
    );
    check("{{eq .None nil}} {{eq .Name nil}}", "true false");
    check(
        "{{html \"<a href='x'>&\"}} {{js \"it's <b>\"}} {{urlquery \"a b&\"}}",
        "&lt;a href=&#39;x&#39;&gt;&amp; it\\'s \\u003Cb\\u003E a+b%26",
    );
    fails("{{eq 1 1.0}}", "incompatible types for comparison");
    fails("{{lt .Friends .Friends}}", "invalid type for comparison");
    fails("{{index .Friends 2}}", "index out of range: 2");
    fails("{{index .Friends \"a\"}}", "cannot index slice/array with type string");
    fails("{{len 3}}", "len of type int");
    fails("{{slice .Name 3 1}}", "invalid slice index: 3 > 1");
    fails("{{call 1}}", "no function values");
}

#[test]
fn values_print_as_in_go() {
    check(
        "{{.Labels}} {{.Friends}} {{true}} {{.Height}} {{1e6}}",
        "map[a:1 b:2] [Bo Cy] true 1.5 1e+06",
    );
    check(
        "{{.Born}} {{.Born.IsZero}} {{.Born.Year}} {{.Born.Month}} {{printf \"%d\" .Born.Month}}",
        "0001-01-01 00:00:00 +0000 UTC true 1 January 1",
    );
    check(
        "{{.Born.Format \"2006\"}} {{(.Born.Add 3600000000000).Hour}} {{(.Born.Sub .Born).Seconds}}",
        "0001 1 0",
    );
    check("{{.}}", "{Ann map[a:1 b:2] [Bo Cy] 7 1.5 <nil> 0001-01-01 00:00:00 +0000 UTC}");
    fails("{{.Born.Format 1}}", "wrong arguments for Format: (int)");
}

#[test]
fn json() {
    let json = crate::golang::json::to_string(&Value::object(Person)).unwrap();
    let expected = concat!(
        r#"{"name":"Ann","labels":{"a":"1","b":"2"},"friends":["Bo","Cy"],"age":7,"height":1.5,"#,
        r#""none":null,"born":"0001-01-01T00:00:00Z"}"#
    );
    assert_eq!(json, expected);
    assert!(crate::golang::json::to_string(&Value::Float(f64::NAN)).is_err());
}

#[test]
fn nothing_is_unbounded() {
    let limits = Limits { steps: 10_000, bytes: 10_000, depth: 50 };
    let fails = |text: &str, expected: &str| {
        let error = run_with(text, limits).expect_err(text).to_string();
        assert!(error.contains(expected), "{text}: {error}");
    };
    fails("{{range 1000000000}}{{end}}", "more than 10000 steps");
    fails("{{range 100000}}0123456789{{end}}", "more than 10000 bytes");
    fails(
        "{{define \"a\"}}{{template \"a\" .}}{{end}}{{template \"a\" .}}",
        "exceeded maximum template depth (50)",
    );
    fails(
        "{{$x := \"ab\"}}{{range 100}}{{$x = double $x}}{{end}}",
        "double gives a text of more than 10000 bytes",
    );
    fails("{{$x := \"ab\"}}{{range 100}}{{$x = print $x $x}}{{end}}", "more than 10000 bytes");
    fails("{{$x := list}}{{range 100}}{{$x = list $x}}{{end}}", "more than 64 levels");
    fails(
        "{{$x := list \"a\"}}{{range 40}}{{$x = list $x $x}}{{end}}{{$x}}",
        "more than 10000 bytes",
    );
    let nested = format!("{}1{}", "(".repeat(5000), ")".repeat(5000));
    fails(&format!("{{{{{nested}}}}}"), "levels of nesting");
    fails(&"{{if 1}}".repeat(5000), "levels of nesting");
    let deep = format!("{}x{}", "{{if 1}}".repeat(99), "{{end}}".repeat(99));
    assert!(run_with(&deep, Limits { depth: 200, ..limits }).is_ok());
}

#[test]
fn a_library_keeps_what_prints() {
    let mut library = Library::default();
    for text in ["{{define \"a\"}}first{{end}}", "{{define \"a\"}} {{end}}", "root"] {
        library.add("file.tmpl", text, &TestFunctions).unwrap();
    }
    let parsed = parse("t", "{{template \"a\"}} {{template \"file.tmpl\"}}", &TestFunctions, &[]);
    let output =
        execute(&parsed.unwrap(), &library, &TestFunctions, &[], &Value::Nil, Limits::default());
    assert_eq!(output.unwrap(), "first root");
}

#[test]
fn seeds_do_no_harm() {
    testkit::seeds::replay("template", 2_000, crate::fuzz::template);
}
