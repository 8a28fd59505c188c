/// Makes one statement of several that insert rows into the same table: a server spends more on beginning and ending a
/// statement than on a row.
package struct InsertMerger {
    /// `INSERT … VALUES (?, ?)` and what stands behind it, taken apart.
    private struct Template {
        let head: String
        let row: String
        let tail: String
        var texts: [Int: String] = [:]

        mutating func text(rows count: Int) -> String {
            if let known = texts[count] { return known }
            let text = head + Array(repeating: row, count: count).joined(separator: ", ") + tail
            texts[count] = text
            return text
        }
    }

    /// So many rows go into one statement. Smaller numbers are made of powers of two, so that few statements have to be
    /// planned.
    private static let mostRows = 64
    /// Statements whose form is kept: more than the program has.
    private static let keptTemplates = 1000

    private var templates: [String: Template?] = [:]

    package init() {}

    /// - Returns: `statements` where one of them is something else than such an insertion. Otherwise those of the same
    ///   text are together, where the first of them was, and their order among themselves is kept.
    package mutating func merged(_ statements: [SQL]) -> [SQL] {
        guard statements.count > 1 else { return statements }
        var texts: [String] = []
        var groups: [String: [SQL]] = [:]
        for statement in statements {
            guard template(of: statement.text) != nil else { return statements }
            if groups[statement.text, default: []].isEmpty { texts.append(statement.text) }
            groups[statement.text, default: []].append(statement)
        }
        guard texts.count < statements.count else { return statements }
        return texts.flatMap { merged(groups[$0] ?? [], text: $0) }
    }

    private mutating func merged(_ statements: [SQL], text: String) -> [SQL] {
        guard var template = template(of: text) else { return statements }
        var merged: [SQL] = []
        var rest = statements[...]
        while !rest.isEmpty {
            var count = Self.mostRows
            while count > rest.count { count /= 2 }
            merged.append(SQL(text: template.text(rows: count), binds: rest.prefix(count).flatMap(\.binds)))
            rest = rest.dropFirst(count)
        }
        templates[text] = template
        return merged
    }

    private mutating func template(of text: String) -> Template? {
        if let known = templates[text] { return known }
        if templates.count >= Self.keptTemplates { templates.removeAll() }
        let template = Self.takenApart(text)
        templates[text] = .some(template)
        return template
    }

    private static func takenApart(_ text: String) -> Template? {
        let bytes = Array(text.utf8)
        guard bytes.starts(with: "INSERT ".utf8), let row = row(in: bytes) else { return nil }
        guard !bytes[row.upperBound...].contains(UInt8(ascii: "?")) else { return nil }
        return Template(
            head: String(decoding: bytes[..<row.lowerBound], as: UTF8.self),
            row: String(decoding: bytes[row], as: UTF8.self),
            tail: String(decoding: bytes[row.upperBound...], as: UTF8.self)
        )
    }

    /// Where the one row stands behind `VALUES`, made of placeholders alone.
    private static func row(in bytes: [UInt8]) -> Range<Int>? {
        let keyword = Array("VALUES (".utf8)
        guard let start = bytes.firstRange(of: keyword)?.upperBound,
            let end = bytes[start...].firstIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let bare = Set("?, \n".utf8)
        return bytes[start..<end].allSatisfy(bare.contains) ? start - 1..<end + 1 : nil
    }
}
