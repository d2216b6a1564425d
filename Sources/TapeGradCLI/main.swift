// The process: hands the words behind `tapegrad` to CommandLineTool, and ends with the code that it gives.
//
//   tapegrad train patients.csv --labels diagnosis; echo $?
//
//     0  the command did what it was asked for
//     1  it failed: a file, the data, gradients that disagree, a training that diverged
//     2  the words are wrong: an unknown command or option, or a value that an option cannot have
//   130  Ctrl-C ended a training early, and the best network so far is kept (128 + 2, as shells count signals)

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// A process whose last error was reported ends with 1 or 2, as shells and scripts expect.
exit(CommandLineTool.run(Array(CommandLine.arguments.dropFirst())))
