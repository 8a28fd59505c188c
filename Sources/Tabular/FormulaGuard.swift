/// Keeps spreadsheet programs from running what somebody wrote into a cell.
///
/// A cell that begins with `=`, `+`, `-`, `@`, tab, carriage return, line feed or NUL, or with one of the first four in
/// full width, may be run as a formula (OWASP ASVS 5.0, 1.2.10, names `=`, `+`, `-`, `@`, tab and NUL; line ends and
/// full width: recalled, not read). Such a cell gets an apostrophe in front, which the programs take for “this is
/// text”.
///
/// A plain number, `-1200` or `+3.5`, is left as it is: it computes nothing, and a reader that knows nothing of this
/// rule still finds a number. What has an apostrophe in front of such a beginning already gets another one, so that
/// `restored` gives back every cell exactly as it was.
package enum FormulaGuard {
    private static let apostrophe: Unicode.Scalar = "'"
    package static func defused(_ cell: String) -> String {
        needsGuard(cell.unicodeScalars) ? "'" + cell : cell
    }

    package static func restored(_ cell: String) -> String {
        guard cell.unicodeScalars.first == apostrophe, needsGuard(cell.unicodeScalars.dropFirst()) else { return cell }
        return String(cell.unicodeScalars.dropFirst())
    }

    private static func needsGuard(_ cell: some Collection<Unicode.Scalar>) -> Bool {
        guard let first = cell.first(where: { $0 != apostrophe }), isTrigger(first) else { return false }
        return !isPlainNumber(cell)
    }

    private static func isTrigger(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "=", "+", "-", "@", "\t", "\r", "\n", "\0", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
        default: false
        }
    }

    private static func isPlainNumber(_ cell: some Collection<Unicode.Scalar>) -> Bool {
        guard let sign = cell.first, sign == "-" || sign == "+" else { return false }
        let parts = cell.dropFirst().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { ("0"..."9").contains($0) } }
    }
}
