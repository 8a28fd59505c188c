/// Something that a text is found by.
enum SearchToken: Sendable, Hashable {
    /// A Chinese character, anywhere.
    case character(UInt32)
    /// Two Chinese characters that follow one another.
    case pair(UInt32, UInt32)
    /// A Chinese character with no other beside it: a word of its own, as 秦 in 秦 PLUS.
    case lone(UInt32)
    /// A word of letters and digits.
    case word(String)
}

/// One thing that a searched text must have.
enum SearchUnit: Sendable, Hashable {
    case character(UInt32)
    /// Characters each of which must stand beside one of its neighbours, or alone. So 白色朗逸 finds a 朗逸 that is said
    /// to be 白色 elsewhere, though nowhere does 色 stand before 朗.
    case run([UInt32])
    /// The beginning of a word.
    case prefix(String)
    /// A single letter or digit: as a beginning it would find nearly everything.
    case word(String)
}

/// How texts are taken apart, those that are searched and those that are searched for. Chinese has no spaces between
/// its words, so it is taken by pairs of characters. Traditional characters stay what they are.
enum SearchText {
    /// What is longer is cut, in both: nobody types so many letters.
    static let wordScalars = 24

    /// Some of them more than once.
    static func forEachToken(of text: String, _ body: (SearchToken) -> Void) {
        var previous: String?
        for segment in segments(of: text) {
            switch segment {
            case .han(let run):
                previous = nil
                for (index, character) in run.enumerated() {
                    body(.character(character))
                    if index > 0 { body(.pair(run[index - 1], character)) }
                }
                if run.count == 1 { body(.lone(run[0])) }
            case .word(let word, let gap):
                body(.word(cut(word)))
                // Model 3 is also found as Model3 and Model-3.
                if let previous, gap != .wide { body(.word(cut(previous + word))) }
                previous = word
            }
        }
    }

    /// What a caller looks for, each once, in the order of the text.
    static func units(of text: String) -> [SearchUnit] {
        var units: [SearchUnit] = []
        var word = ""
        func finish() {
            guard !word.isEmpty else { return }
            let cut = cut(word)
            units.append(cut.unicodeScalars.count == 1 ? .word(cut) : .prefix(cut))
            word = ""
        }
        for segment in segments(of: text) {
            switch segment {
            case .han(let run):
                finish()
                units.append(run.count == 1 ? .character(run[0]) : .run(run))
            case .word(let next, let gap):
                if gap != .hyphen { finish() }
                word += next
            }
        }
        finish()
        var seen: Set<SearchUnit> = []
        return units.filter { seen.insert($0).inserted }
    }

    private static func cut(_ word: String) -> String {
        String(String.UnicodeScalarView(word.unicodeScalars.prefix(wordScalars)))
    }

    // MARK: Segments

    private enum Segment {
        case han([UInt32])
        /// - Parameter gap: what stands between it and the word before.
        case word(String, Gap)
    }

    private enum Gap {
        case hyphen
        case space
        /// Anything else, or no word before it.
        case wide
    }

    private static func segments(of text: String) -> [Segment] {
        var segments: [Segment] = []
        var (han, word) = ([UInt32](), String.UnicodeScalarView())
        var gap = Gap.wide
        func finish(_ next: Gap) {
            if !han.isEmpty { segments.append(.han(han)) }
            if !word.isEmpty { segments.append(.word(String(word), gap)) }
            if han.isEmpty, !word.isEmpty {
                gap = next
            } else {
                gap = !han.isEmpty || gap == .wide || next == .wide ? .wide : .space
            }
            han = []
            word = String.UnicodeScalarView()
        }
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let plain = folded(scalar)
            if isHan(plain) {
                if !word.isEmpty { finish(.wide) }
                han.append(plain.value)
            } else if isWord(plain) || isPoint(plain, in: scalars, at: index) {
                if !han.isEmpty { finish(.wide) }
                word.append(contentsOf: lowercased(plain))
            } else {
                finish(plain == "-" ? .hyphen : plain == " " ? .space : .wide)
            }
        }
        finish(.wide)
        return segments
    }

    /// The point of 1.5T belongs to the number.
    private static func isPoint(_ scalar: Unicode.Scalar, in scalars: [Unicode.Scalar], at index: Int) -> Bool {
        guard scalar == ".", index > 0, index + 1 < scalars.count else { return false }
        return isDigit(folded(scalars[index - 1])) && isDigit(folded(scalars[index + 1]))
    }

    // MARK: Characters

    /// Full width forms are the same letters, typed with a Chinese keyboard.
    private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
        case 0x3000: " "
        default: scalar
        }
    }

    private static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        default: false
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else { return isDigit(scalar) || ("a"..."z").contains(scalar) || isCapital(scalar) }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    private static func isCapital(_ scalar: Unicode.Scalar) -> Bool { ("A"..."Z").contains(scalar) }

    private static func lowercased(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        if scalar.isASCII {
            guard isCapital(scalar), let small = Unicode.Scalar(scalar.value + 32) else { return .init([scalar]) }
            return .init([small])
        }
        return scalar.properties.lowercaseMapping.unicodeScalars
    }
}
