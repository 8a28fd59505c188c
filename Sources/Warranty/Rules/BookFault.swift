package import Core

/// One thing wrong with an edition of the plans, and the line on which it stands.
package struct BookFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    package let line: Int
    /// Where in the document: `plans[1].term.months`.
    package let path: String
    /// Stable, `snake_case`.
    package let code: String
    package let detail: LocalizedText

    package var description: String { "line \(line), \(path): \(detail.en)" }
}

/// Every fault of an edition: nothing of it is used while there is one.
package struct BookRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    package let faults: [BookFault]

    package var description: String { faults.map(\.description).joined(separator: "\n") }
}

/// Gathers faults while an edition is read.
final class BookFaults {
    private(set) var all: [BookFault] = []

    func add(_ line: Int, _ path: String, _ code: String, zh: String, en: String) {
        all.append(BookFault(line: line, path: path, code: code, detail: LocalizedText(zh: zh, en: en)))
    }
}
