/// Writes SVG elements. Only what the charts need: presentation attributes instead of styles, because a page's
/// content security policy forbids inline styles, and every text escaped.
struct SVGWriter {
    private(set) var text = ""

    /// An element without content.
    mutating func empty(_ name: String, _ attributes: KeyValuePairs<String, String>) {
        text += "<\(name)\(SVGWriter.list(attributes))/>"
    }

    /// An element that holds a text.
    mutating func element(_ name: String, _ content: String) {
        element(name, [:], content)
    }

    mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String>, _ content: String) {
        text += "<\(name)\(SVGWriter.list(attributes))>\(SVGWriter.escaped(content))</\(name)>"
    }

    /// An element that holds elements.
    mutating func group(
        _ name: String,
        _ attributes: KeyValuePairs<String, String> = [:],
        _ content: (inout SVGWriter) -> Void
    ) {
        text += "<\(name)\(SVGWriter.list(attributes))>"
        content(&self)
        text += "</\(name)>"
    }

    private static func list(_ attributes: KeyValuePairs<String, String>) -> String {
        attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
    }
}

/// A length in tenths of a pixel: charts are drawn without floating point, so that the same readings give the same
/// bytes everywhere.
struct Tenths: Sendable, Hashable {
    var value: Int

    init(pixels: Int) {
        value = pixels * 10
    }

    init(_ value: Int) {
        self.value = value
    }

    static func + (left: Tenths, right: Tenths) -> Tenths { Tenths(left.value + right.value) }
    static func - (left: Tenths, right: Tenths) -> Tenths { Tenths(left.value - right.value) }

    /// As an attribute: `12.5`, `12`.
    var attribute: String {
        let (whole, tenth) = value.magnitude.quotientAndRemainder(dividingBy: 10)
        return (value < 0 ? "-" : "") + "\(whole)" + (tenth == 0 ? "" : ".\(tenth)")
    }
}
