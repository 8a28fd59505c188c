import SourceText

extension Rule {
    /// The programs and the benchmarks talk to a terminal.
    private static let talkers: Set<String> = ["chexin", "Benchmarks", "chexin-verify"]
    /// The text format of metrics has floating point numbers, and the statistics of prices are made of them: what is
    /// quoted is not.
    private static let floatingPointPaths = ["Sources/Web/Prometheus", "Sources/Pricing/Calibration/"]

    static let words = [
        Rule(
            "nothing crashes on purpose",
            forbids: ["fatalError(", "try!"],
            in: \.code,
            instead: "throw a `Failure`, or an error of its own where only a defect can lead there",
            where: { $0.path.hasPrefix("Sources/") || $0.path.hasPrefix("Migrations/") }
        ),
        Rule("nothing is printed", instead: "log it, with the variable part in the metadata") { file in
            guard file.path.hasPrefix("Sources/"), !talkers.contains(file.target) else { return [] }
            return file.code.lines(of: "print(").map { Finding(line: $0, what: "`print(`") }
        },
        Rule(
            "nothing is left for later",
            forbids: ["TO" + "DO", "FIX" + "ME", "XX" + "X"],
            in: \.bytes,
            instead: "finish it, or write it down where work is planned",
            where: { _ in true }
        ),
        Rule(
            "no floating point",
            forbids: [
                "Double", "Float", "Float16", "Float32", "Float64", "Float80", "CGFloat", "Decimal", "NSDecimalNumber",
            ],
            in: \.code,
            instead: "`Money`, `BasisPoints`, or an integer in a smaller unit",
            where: { file in
                file.path.hasPrefix("Sources/") && !floatingPointPaths.contains { file.path.hasPrefix($0) }
            }
        ),
        Rule(
            "access ends at the package",
            forbids: ["public"],
            in: \.code,
            instead: "`package`; outsiders link `Ledger` alone",
            where: { $0.path.hasPrefix("Sources/") && $0.target != "Ledger" }
        ),
        Rule(
            "no path of one machine",
            instead: "a path relative to the repository, or a setting"
        ) { file in
            guard !file.isPartOfTidy else { return [] }
            return ["/home/", "/root/", "/Users/"].flatMap { folder in
                machinePathLines(folder, in: file.bytes).map { Finding(line: $0, what: "`\(folder)…`") }
            }
        },
        Rule(
            "the repository needs nothing beside it",
            forbids: ["../" + "shared"],
            in: \.bytes,
            instead: "copy the facts into the project, with their source",
            where: { _ in true }
        ),
        Rule(
            "secrets are compared in constant time",
            instead: "`ConstantTime.equal`"
        ) { file in
            guard file.isSwift, !file.path.hasPrefix("Tests/") else { return [] }
            return SecretComparison.lines(in: file.code).map { Finding(line: $0, what: "`==` on a secret") }
        },
    ]

    /// Only where the folder begins a path and a name follows: `/v1/users/home/` is a route.
    private static func machinePathLines(_ folder: String, in bytes: [UInt8]) -> [Int] {
        let needle = Array(folder.utf8)
        return bytes.indices.filter { index in
            guard bytes[index] == needle[0], bytes[index...].starts(with: needle) else { return false }
            let isInside = index > 0 && (isWordByte(bytes[index - 1]) || bytes[index - 1] == UInt8(ascii: "."))
            let next = index + needle.count
            return !isInside && next < bytes.count && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[next])
        }.map { bytes.line(at: $0) }
    }
}

/// Finds `==` and `!=` with a secret on one side: the time that the comparison takes tells how much of it was right.
enum SecretComparison {
    private static let secretWords: Set<String> = ["secret", "token", "hmac", "mac", "pepper"]
    /// Members that are the secret itself in another form; of all others, such as `count`, nothing leaks.
    private static let forms: Set<String> = ["bytes", "text", "hex", "utf8", "value", "rawValue", "description"]

    static func lines(in code: [UInt8]) -> [Int] {
        code.indices.dropLast().filter { index in
            guard code[index + 1] == UInt8(ascii: "="), [UInt8(ascii: "="), UInt8(ascii: "!")].contains(code[index])
            else { return false }
            let left = operand(before: index, in: code)
            let right = operand(after: index + 2, in: code)
            return right != "nil" && left != "nil" && (isSecret(left) || isSecret(right))
        }.map { code.line(at: $0) }
    }

    private static func operand(before index: Int, in code: [UInt8]) -> String {
        let text = code[..<index].reversed().drop { $0 == UInt8(ascii: " ") }.prefix(while: isOperandByte)
        return String(decoding: text.reversed(), as: UTF8.self)
    }

    private static func operand(after index: Int, in code: [UInt8]) -> String {
        let text = code[index...].drop { $0 == UInt8(ascii: " ") }.prefix(while: isOperandByte)
        return String(decoding: text, as: UTF8.self)
    }

    private static func isOperandByte(_ byte: UInt8) -> Bool {
        isWordByte(byte) || byte == UInt8(ascii: ".")
    }

    /// `self.keyToken.bytes` is, `token.count` and `tokenizer` are not.
    private static func isSecret(_ operand: String) -> Bool {
        var names = operand.split(separator: ".").map(String.init)
        while let last = names.last, forms.contains(last) { names.removeLast() }
        guard let name = names.last else { return false }
        return camelCaseWords(name).contains { secretWords.contains($0) || secretWords.contains(String($0.dropLast())) }
    }

    private static func camelCaseWords(_ name: String) -> [String] {
        var words: [String] = [""]
        var previous: Character = "_"
        for character in name {
            if character == "_" || character.isUppercase && previous.isLowercase { words.append("") }
            if character != "_" { words[words.count - 1].append(contentsOf: character.lowercased()) }
            previous = character
        }
        return words
    }
}
