import Web

extension HTMLWriter {
    /// `中文 / English`, as titles and summaries of the document are written: each part says its language, so that a
    /// screen reader pronounces it.
    mutating func bilingual(_ text: String) {
        guard let middle = text.firstRange(of: " / ") else { return code(text) }
        element("span", ["lang": "zh-CN"], String(text[..<middle.lowerBound]))
        self.text(" ")
        element("span", ["lang": "en", "class": "en"], String(text[middle.upperBound...]))
    }

    /// Paragraphs apart by empty lines, in either language.
    mutating func paragraphs(_ text: String) {
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init) {
            element("p", ["lang": isChinese(paragraph) ? "zh-CN" : "en"]) { $0.code(paragraph) }
            newline()
        }
    }

    /// Text in which what stands between backticks is code.
    private mutating func code(_ text: String) {
        for (index, part) in text.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
            if index.isMultiple(of: 2) {
                self.text(String(part))
            } else {
                element("code", String(part))
            }
        }
    }

    /// By the block of CJK unified ideographs.
    private func isChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }
}
