/// A number plate (GA 36), without the dot and the blanks that people write into it.
package struct Plate: TextValue, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// New-energy, small vehicle: eight characters, the energy letter in front.
        case smallNewEnergy = "nev_small"
        /// New-energy, large vehicle: eight characters, the energy letter at the end.
        case largeNewEnergy = "nev_large"
        /// Blue for small, yellow for large vehicles; the number does not tell which.
        case ordinary = "blue_yellow"
        case trainer
        case trailer
        case police
        case hongKongMacao = "hk_macao"
        case consulate
        case embassy
        case temporary
    }

    /// What the letter of a new-energy plate says.
    package enum Energy: String, Sendable, Hashable, CaseIterable {
        case pureElectric = "pure_electric"
        /// Plug-in hybrid, range extender, fuel cell.
        case nonPureElectric = "non_pure_electric"
    }

    package let text: String
    package let kind: Kind

    /// Takes dots, blanks and lower-case letters in its stride.
    /// - Throws: `charset` for a character that no plate has, `plate_format` where the characters make no plate.
    package init(parsing text: String) throws(TextFault) {
        let characters = Plate.normalized(text)
        guard let kind = Plate.patterns.first(where: { $0.matches(characters) })?.kind else {
            throw Plate.fault(characters)
        }
        self.kind = kind
        self.text = String(String.UnicodeScalarView(characters))
    }

    /// `nil` where the plate does not tell.
    package var energy: Energy? {
        let letter: Unicode.Scalar? =
            switch kind {
            case .smallNewEnergy: text.unicodeScalars.dropFirst(2).first
            case .largeNewEnergy: text.unicodeScalars.last
            default: nil
            }
        return letter.map { ("A"..."E").contains($0) ? .pureElectric : .nonPureElectric }
    }
}

// MARK: - Patterns

/// What may stand at one place of a plate.
private enum Slot {
    case province
    /// Without I and O, which nobody can tell from 1 and 0.
    case letter
    /// Old official plates were issued under the letter O.
    case anyLetter
    case digit
    case letterOrDigit
    /// A to E pure electric, F G H J K the other new energies.
    case energy
    case fixed(Unicode.Scalar)
    case hongKongOrMacao

    func matches(_ character: Unicode.Scalar) -> Bool {
        switch self {
        case .province: Plate.provinces.contains(character)
        case .letter: ("A"..."Z").contains(character) && character != "I" && character != "O"
        case .anyLetter: ("A"..."Z").contains(character)
        case .digit: ("0"..."9").contains(character)
        case .letterOrDigit: Slot.letter.matches(character) || Slot.digit.matches(character)
        case .energy: ("A"..."K").contains(character) && character != "I"
        case .fixed(let expected): character == expected
        case .hongKongOrMacao: character == "港" || character == "澳"
        }
    }
}

private struct Pattern: Sendable {
    let kind: Plate.Kind
    let slots: [Slot]

    init(_ kind: Plate.Kind, _ parts: [Slot]...) {
        self.kind = kind
        self.slots = parts.flatMap { $0 }
    }

    func matches(_ characters: [Unicode.Scalar]) -> Bool {
        guard characters.count == slots.count, zip(slots, characters).allSatisfy({ $0.matches($1) }) else {
            return false
        }
        // How many letters an ordinary number may have differs from office to office; none is known to be letters only.
        return kind != .ordinary || characters.dropFirst(2).contains(where: Slot.digit.matches)
    }
}

extension Plate {
    fileprivate static let provinces = Array("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼".unicodeScalars)

    private static let issuer: [Slot] = [.province, .letter]

    private static func several(_ slot: Slot, _ count: Int) -> [Slot] {
        Array(repeating: slot, count: count)
    }

    fileprivate static let patterns = [
        Pattern(.smallNewEnergy, issuer, [.energy, .letterOrDigit], several(.digit, 4)),
        Pattern(.largeNewEnergy, issuer, several(.digit, 5), [.energy]),
        Pattern(.ordinary, issuer, several(.letterOrDigit, 5)),
        Pattern(.trainer, issuer, several(.letterOrDigit, 4), [.fixed("学")]),
        Pattern(.trailer, issuer, several(.letterOrDigit, 4), [.fixed("挂")]),
        Pattern(.police, [.province, .anyLetter], several(.letterOrDigit, 4), [.fixed("警")]),
        Pattern(.hongKongMacao, [.fixed("粤"), .fixed("Z")], several(.letterOrDigit, 4), [.hongKongOrMacao]),
        Pattern(.consulate, issuer, several(.digit, 4), [.fixed("领")]),
        Pattern(.embassy, [.fixed("使")], several(.digit, 6)),
        Pattern(.temporary, issuer, several(.letterOrDigit, 4), [.fixed("临")]),
        Pattern(.temporary, issuer, several(.letterOrDigit, 5), [.fixed("临")]),
        Pattern(.temporary, issuer, several(.letterOrDigit, 6), [.fixed("临")]),
    ]

    /// Dots and blanks of typed and scanned plates: middle dot, bullet, katakana dot; space, no-break and wide space.
    private static let fillers: [Unicode.Scalar] = ["\u{B7}", "\u{2022}", "\u{30FB}", " ", "\u{A0}", "\u{3000}"]

    private static func normalized(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.lazy.filter { !fillers.contains($0) }.map { character in
            ("a"..."z").contains(character) ? Unicode.Scalar(UInt8(character.value) - 32) : character
        }
    }
}

// MARK: - Faults

extension Plate {
    private static func fault(_ characters: [Unicode.Scalar]) -> TextFault {
        let marks = Array("学挂警港澳领使临".unicodeScalars)
        if characters.contains(where: { $0 == "I" || $0 == "O" }) {
            return TextFault(
                "charset",
                zh: "车牌号不使用字母 I 和 O，是否应为数字 1 和 0？",
                en: "Plates do not use the letters I and O: are they 1 and 0?"
            )
        }
        guard characters.allSatisfy({ Slot.letterOrDigit.matches($0) || provinces.contains($0) || marks.contains($0) })
        else {
            return TextFault("charset", zh: "车牌号含有不会出现的字符", en: "The plate has a character that no plate has")
        }
        return TextFault(
            "plate_format",
            zh: "不是有效的车牌号，例如：京A12345、粤BD12345",
            en: "Not a valid plate; examples: 京A12345, 粤BD12345"
        )
    }
}
