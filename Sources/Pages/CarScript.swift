/// The script behind the code on a car: it verifies the proof in the buyer's browser. In several files for whoever
/// reads it, sent as one.
enum CarScript {
    static let source: String = {
        let parts = [
            EmbeddedText.hashes, EmbeddedText.bytes, EmbeddedText.edwards, EmbeddedText.notes, EmbeddedText.envelope,
            EmbeddedText.chain, EmbeddedText.words, EmbeddedText.bundle, EmbeddedText.shown, EmbeddedText.panel,
        ]
        return "'use strict';(() => {\n\(parts.map(withoutRemarks).joined())})();\n"
    }()

    /// Remarks and indentation are a fifth of it, and a phone on a slow network has no use for them. They stand on
    /// lines of their own.
    private static func withoutRemarks(_ script: String) -> String {
        var text = ""
        var isInRemark = false
        for line in script.split(separator: "\n") {
            let line = line.drop { $0 == " " }
            if line.hasPrefix("/**") { isInRemark = true }
            if !isInRemark, !line.hasPrefix("//") { text += "\(line)\n" }
            if line.hasSuffix("*/") { isInRemark = false }
        }
        return text
    }
}
