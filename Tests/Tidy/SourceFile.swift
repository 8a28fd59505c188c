import Foundation
import SourceText

/// A file of the repository, as the rules see it.
struct SourceFile: Sendable {
    /// From the root of the repository: `Sources/Core/Money.swift`.
    let path: String
    let bytes: [UInt8]
    let isTracked: Bool
    let isExecutable: Bool
    /// A Swift file without its string literals and comments. Empty for any other: what it says is not Swift.
    let code: [UInt8]
    /// What stands in string literals of a Swift file, and the statements of an SQL file without their comments.
    let strings: [UInt8]
    /// The SQL of the product; empty for what is not part of it.
    let statements: [Statement]

    init(path: String, bytes: [UInt8], isTracked: Bool = false, isExecutable: Bool = false) {
        self.path = path
        self.bytes = bytes
        self.isTracked = isTracked
        self.isExecutable = isExecutable
        switch path.split(separator: ".").last {
        case "swift":
            let text = SwiftText(bytes)
            code = text.code
            strings = text.strings
            statements = path.hasPrefix("Tests/") ? [] : Statement.all(in: text, of: bytes)
        case "sql":
            code = []
            strings = SourceFile.withoutSQLComments(bytes)
            statements = Statement.all(inScript: strings)
        default:
            code = []
            strings = []
            statements = []
        }
    }

    var isSwift: Bool { path.hasSuffix(".swift") }

    /// Rules about texts would find their own words here.
    var isPartOfTidy: Bool { path.hasPrefix("Tests/Tidy/") }

    /// What the rules about imports call it: `Core`, `Benchmarks`, `Tests/CoreTests`.
    var target: String {
        let parts = path.split(separator: "/")
        guard parts.count > 1 else { return path }
        switch parts[0] {
        case "Sources": return String(parts[1])
        case "Tests": return "Tests/\(parts[1])"
        default: return String(parts[0])
        }
    }

    /// Each with its number, from 1.
    var lines: [(number: Int, text: String)] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().map { index, line in
            (index + 1, String(decoding: line, as: UTF8.self))
        }
    }

    private static func withoutSQLComments(_ bytes: [UInt8]) -> [UInt8] {
        var statements = bytes
        var isComment = false
        for index in bytes.indices {
            let begins = bytes[index...].starts(with: "--".utf8)
            isComment = bytes[index] == UInt8(ascii: "\n") ? false : isComment || begins
            if isComment { statements[index] = UInt8(ascii: " ") }
        }
        return statements
    }
}

// MARK: - Searching

extension [UInt8] {
    /// The line, from 1, of every place where `text` stands. Where `text` begins or ends like a word, it has to begin
    /// or end a word.
    func lines(of text: String) -> [Int] {
        let needle = Array(text.utf8)
        var lines: [Int] = []
        var line = 1
        for index in indices {
            if self[index] == UInt8(ascii: "\n") { line += 1 }
            guard self[index] == needle[0], isWord(needle, at: index) else { continue }
            lines.append(line)
        }
        return lines
    }

    private func isWord(_ needle: [UInt8], at index: Int) -> Bool {
        let end = index + needle.count
        guard end <= count, self[index..<end].elementsEqual(needle) else { return false }
        if isWordByte(needle[0]), index > 0, isWordByte(self[index - 1]) { return false }
        return !(isWordByte(needle[needle.count - 1]) && end < count && isWordByte(self[end]))
    }

    /// The line, from 1, on which the byte at `index` stands.
    func line(at index: Int) -> Int {
        self[..<index].count { $0 == UInt8(ascii: "\n") } + 1
    }
}
