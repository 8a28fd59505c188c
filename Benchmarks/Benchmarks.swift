import ArgumentParser

/// Every speed is a ratio to a ceiling measured in the same run, alternating with it; the median of the runs counts.
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chexin-benchmarks",
        abstract: "Measures what the README states.",
        subcommands: [Measure.self, PlainServer.self],
        defaultSubcommand: Measure.self
    )
}

struct Measure: AsyncParsableCommand {
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case http
        case append
        case alone
        case verify
        case `import`
        case postgres
        case search
        case flood
        case estimate
        case index
        case log
        case adjudicate
    }

    static let configuration = CommandConfiguration(abstract: "Runs the measurements and prints a table.")

    @Option(help: "The release build of the server.")
    var chexin: String

    @Option(help: "Runs of each; the median counts.")
    var runs = 5

    @Option(help: "Cars in the log before the part log measures.")
    var cars = 1_000_000

    @Argument(help: "Which parts; all where none is named.")
    var parts: [Part] = []

    func run() async throws {
        let parts = parts.isEmpty ? Part.allCases : parts
        var table = Table()
        for part in parts {
            switch part {
            case .http: try await HTTPBenchmark(chexin: chexin, runs: runs).run(&table)
            case .append: try await AppendBenchmark(runs: runs).run(&table)
            case .alone: try await LatencyBenchmark(chexin: chexin, runs: runs).run(&table)
            case .verify: try VerifyBenchmark(runs: runs).run(&table)
            case .import: try await ImportBenchmark(chexin: chexin).run(&table)
            case .postgres: try await PostgresBenchmark(runs: runs).run(&table)
            case .search: try await SearchBenchmark(cars: SearchLoad.cars).run(&table)
            case .estimate: try EstimateBenchmark().run(&table)
            case .adjudicate: try AdjudicateBenchmark(runs: runs).run(&table)
            case .index: try IndexBenchmark(cars: 1_000_000).run(&table)
            case .log: try await LogBenchmark(chexin: chexin, runs: runs, cars: cars).run(&table)
            case .flood: try await FloodBenchmark(chexin: chexin, runs: runs).run(&table)
            }
        }
        print(table.text)
    }
}

/// The table that goes into the README as it is printed.
struct Table {
    private var rows: [[String]] = [
        ["figure", "measured", "ceiling", "ratio", "at least"], ["---", "---", "---", "---", "---"],
    ]

    mutating func add(_ figure: String, _ measured: String, _ ceiling: String, _ ratio: String, _ floor: String) {
        rows.append([figure, measured, ceiling, ratio, floor])
    }

    var text: String {
        rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }
}

extension [Double] {
    var median: Double {
        let sorted = sorted()
        guard let middle = sorted.dropFirst(count / 2).first else { return 0 }
        return middle
    }
}

func rounded(_ value: Double, _ digits: Int = 2) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let text = "\((value * scale).rounded() / scale)"
    return digits == 0 ? String(text.prefix { $0 != "." }) : text
}
