/// One SQL statement of the product: a string literal of a Swift file, or a part of an SQL file.
package struct Statement: Sendable {
    package struct Token: Sendable, Hashable {
        /// In capitals, so that a word is found however it is written. A text in quotes is `'`, a bind is `?`.
        package let text: String
        package let line: Int
    }

    /// As it is written, with `?` where a bind stands.
    package let text: String
    package let tokens: [Token]

    /// What a statement begins with. Of one word alone nobody can tell: `DELETE` is also a method of HTTP.
    private static let verbs: Set<String> = [
        "ALTER", "ANALYZE", "CREATE", "DECLARE", "DELETE", "DISCARD", "DO", "DROP", "EXPLAIN", "GRANT", "INSERT",
        "LISTEN", "LOCK", "MERGE", "NOTIFY", "PRAGMA", "PREPARE", "REPLACE", "REVOKE", "SELECT", "SET", "TRUNCATE",
        "UNLISTEN", "UPDATE", "VACUUM", "WITH",
    ]

    /// `nil` where the text is no statement.
    package init?(_ text: [UInt8], lines: [Int]) {
        var tokenizer = Tokenizer(text: text, lines: lines)
        tokens = tokenizer.run()
        self.text = String(decoding: text, as: UTF8.self)
        guard tokens.count > 1, let first = text.first(where: { $0 > UInt8(ascii: " ") }) else { return nil }
        guard isUpperCase(first), Statement.verbs.contains(tokens[0].text) else { return nil }
        // Without it, it is an operation of the API, by method and path.
        guard tokens[0].text != "DELETE" || tokens[1].text == "FROM" else { return nil }
        guard
            text.drop(while: { $0 <= UInt8(ascii: " ") }).prefix(tokens[0].text.utf8.count)
                .elementsEqual(tokens[0].text.utf8)
        else { return nil }
    }

    /// The line of every place where these tokens follow one another: `LOCK TABLE`, `NOW (`. With `^` before them, only
    /// at the beginning.
    package func lines(of sequence: String) -> [Int] {
        let isAtBeginning = sequence.hasPrefix("^ ")
        let wanted = sequence.split(separator: " ").map(String.init).filter { $0 != "^" }
        return tokens.indices.prefix(isAtBeginning ? 1 : tokens.count).filter { index in
            tokens[index...].prefix(wanted.count).map(\.text) == wanted
        }.map { tokens[$0].line }
    }

    package func has(_ sequence: String) -> Bool {
        !lines(of: sequence).isEmpty
    }

    /// The token that follows `sequence`, wherever that stands.
    package func following(_ sequence: String) -> [Token] {
        let wanted = sequence.split(separator: " ").map(String.init)
        return tokens.indices.compactMap { index in
            guard tokens[index...].prefix(wanted.count).map(\.text) == wanted else { return nil }
            return index + wanted.count < tokens.count ? tokens[index + wanted.count] : nil
        }
    }
}

package func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
    default: byte >= 0x80
    }
}

private func isUpperCase(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
}

private struct Tokenizer {
    let text: [UInt8]
    let lines: [Int]
    private var position = 0

    init(text: [UInt8], lines: [Int]) {
        self.text = text
        self.lines = lines
    }

    /// The longest first.
    private static let operators = [
        "->>", "#>>", "->", "#>", "@>", "<@", "::", "||", "<=", ">=", "<>", "!=", "!~", "~*",
    ]

    mutating func run() -> [Statement.Token] {
        var tokens: [Statement.Token] = []
        while position < text.count {
            guard text[position] > UInt8(ascii: " ") else {
                position += 1
                continue
            }
            let start = position
            let token = next()
            tokens.append(Statement.Token(text: token, line: lines[start]))
        }
        return tokens
    }

    private mutating func next() -> String {
        if isWordByte(text[position]) {
            let word = text[position...].prefix(while: isWordByte)
            position += word.count
            return String(decoding: word, as: UTF8.self).uppercased()
        }
        if text[position] == UInt8(ascii: "'") {
            position += 1
            while position < text.count, text[position] != UInt8(ascii: "'") { position += 1 }
            position += 1
            return "'"
        }
        let symbol = Tokenizer.operators.first { text[position...].starts(with: $0.utf8) }
        let token = symbol ?? String(UnicodeScalar(text[position]))
        position += token.utf8.count
        return token
    }
}

extension Statement {
    /// Every statement among the string literals of a Swift file.
    ///
    /// - Parameter part: what a name stands for that is interpolated, where that is a part of a statement and no bind.
    package static func all(
        in text: SwiftText,
        of bytes: [UInt8],
        part: (_ name: String) -> [UInt8]? = { _ in nil }
    ) -> [Statement] {
        let lines = lineNumbers(bytes)
        return text.literals.compactMap { literal in
            var (filled, places): ([UInt8], [Int]) = ([], [])
            for (index, byte) in literal.text.enumerated() {
                let bytes = literal.interpolations[index].flatMap(part) ?? [byte]
                filled += bytes
                places += bytes.map { _ in lines[literal.positions[index]] }
            }
            return Statement(filled, lines: places)
        }
    }

    /// The parts that a Swift file declares for its statements, by name: `static let columns: SQL = "id, vin"`.
    package static func parts(in text: SwiftText) -> [String: [UInt8]] {
        let named = text.literals.compactMap { literal -> (String, [UInt8])? in
            guard let start = literal.positions.first else { return nil }
            let words = text.code[..<start].suffix(partCodeLength).split { $0 <= UInt8(ascii: " ") }.suffix(4).map {
                String(decoding: $0, as: UTF8.self)
            }
            guard words.count == 4, words[0] == "let", words[1].hasSuffix(":"), words[2...] == ["SQL", "="] else {
                return nil
            }
            return (String(words[1].dropLast()), literal.text)
        }
        return Dictionary(named) { first, _ in first }
    }

    /// Enough for the declaration in front of a literal.
    private static let partCodeLength = 200

    /// Every part of an SQL file that a semicolon ends.
    package static func all(inScript statements: [UInt8]) -> [Statement] {
        let numbered = Array(zip(statements, lineNumbers(statements)))
        return numbered.split { $0.0 == UInt8(ascii: ";") }.compactMap { Statement($0.map(\.0), lines: $0.map(\.1)) }
    }

    /// The line that every byte stands on.
    private static func lineNumbers(_ bytes: [UInt8]) -> [Int] {
        var line = 1
        return bytes.map { byte in
            defer { if byte == UInt8(ascii: "\n") { line += 1 } }
            return line
        }
    }
}
