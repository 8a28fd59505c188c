/// A rule's cases as a text: a line of column names, then a line a case. Cells are kept apart by `|` where the line of
/// names has one, by spaces where it has none. Empty lines, rules of dashes and lines that begin with `#` are skipped.
package struct TextTable: Sendable {
    package struct Row: Sendable, CustomStringConvertible {
        /// The case as it stands in the table.
        package let description: String
        fileprivate let cells: [String: String]

        package subscript(column: String) -> String {
            guard let cell = cells[column] else { preconditionFailure("no column \(column) in: \(description)") }
            return cell
        }
    }

    package let columns: [String]
    package let rows: [Row]

    package init(_ text: String) {
        let lines = text.split(separator: "\n").map(trimmed).filter(TextTable.isContent)
        guard let names = lines.first else { preconditionFailure("a table without a line of column names") }
        let isRuled = names.contains("|")
        let columns = TextTable.cells(of: names, isRuled: isRuled)
        self.columns = columns
        rows = lines.dropFirst().map { line in
            let cells = TextTable.cells(of: line, isRuled: isRuled)
            precondition(cells.count == columns.count, "\(columns.count) cells expected in: \(line)")
            return Row(description: line, cells: Dictionary(uniqueKeysWithValues: zip(columns, cells)))
        }
    }

    private static func isContent(_ line: String) -> Bool {
        !line.hasPrefix("#") && !line.allSatisfy { "-|+ ".contains($0) }
    }

    private static func cells(of line: String, isRuled: Bool) -> [String] {
        guard isRuled else { return line.split(separator: " ").map(String.init) }
        return line.split(separator: "|", omittingEmptySubsequences: false).map(trimmed)
    }
}

private func trimmed(_ text: some StringProtocol) -> String {
    let isInside: (Character) -> Bool = { !$0.isWhitespace }
    guard let first = text.firstIndex(where: isInside), let last = text.lastIndex(where: isInside) else { return "" }
    return String(text[first...last])
}
