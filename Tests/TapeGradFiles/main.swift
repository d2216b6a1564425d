// Reads and writes files for scripts that hold them against other libraries (Tests/Interchange, Tests/Benchmarks):
//
//     TapeGradFiles csv FILE         reads a table: seconds and the most memory, as JSON
//     TapeGradFiles fields FILE...   reads tables and writes each to FILE.fields, all fields quoted; irregular rows fit
//     TapeGradFiles write FOLDER     writes a model and arrays
//     TapeGradFiles read FOLDER      checks those that another library wrote
//     TapeGradFiles mutants FILE N   reads N mutants of a model's file, which end in an error or in a model
//     TapeGradFiles rewrite FILE     writes two models in turn, until it is killed

import TapeGradCore
import TapeGradFormats

let arguments = CommandLine.arguments.dropFirst()
let paths = Array(arguments.dropFirst())

switch (arguments.first, paths.first) {
case ("csv", let path?): try measure(path)
case ("fields", _): for path in paths { writeFields(path) }
case ("write", let folder?): try writeFiles(folder)
case ("read", let folder?): try checkFiles(folder)
case ("mutants", let path?) where paths.count == 2: try readMutants(of: path, count: Int(paths[1]) ?? 0)
case ("rewrite", let path?): try rewrite(path)
default: fatalError("no such way to call: see the first lines of main.swift")
}
