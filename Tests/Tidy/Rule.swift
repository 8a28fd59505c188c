import Testing

/// A house rule that a program can check.
struct Rule: Sendable, CustomTestStringConvertible {
    let name: String
    /// What to write instead.
    let replacement: String
    let find: @Sendable (SourceFile) -> [Finding]

    struct Finding: Sendable {
        let line: Int
        let what: String
    }

    init(_ name: String, instead replacement: String, find: @escaping @Sendable (SourceFile) -> [Finding]) {
        self.name = name
        self.replacement = replacement
        self.find = find
    }

    /// Each as `path:line: what. Instead: …`, so that a terminal can jump there.
    func violations(in files: [SourceFile]) -> [String] {
        files.flatMap { file in
            find(file).map { "\(file.path):\($0.line): \($0.what) (\(name)). Instead: \(replacement)" }
        }
    }

    var testDescription: String { name }

    static let all: [Rule] = imports + words + sql + statements + schema + sizes + files
}

extension Rule {
    /// A rule that forbids words in one layer of the files that `applies` picks.
    init(
        _ name: String,
        forbids words: [String],
        in layer: any KeyPath<SourceFile, [UInt8]> & Sendable,
        instead replacement: String,
        where applies: @escaping @Sendable (SourceFile) -> Bool
    ) {
        self.init(name, instead: replacement) { file in
            guard applies(file), !file.isPartOfTidy else { return [] }
            return words.flatMap { word in
                file[keyPath: layer].lines(of: word).map { Finding(line: $0, what: "`\(word)`") }
            }
        }
    }
}
