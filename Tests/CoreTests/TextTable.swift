/// Rows of a table written as text: one row a line, columns parted by white space, `#` begins a comment.
func rows(_ table: String) -> [[String]] {
    table.split(separator: "\n").compactMap { line in
        let columns = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
        return columns.isEmpty ? nil : columns
    }
}
