/// A vehicle identification number (GB 16735, ISO 3779), upper case as it is stamped.
///
/// Length and alphabet bind every VIN. The year code, the digits at the end and the check digit bind only some makers:
/// Chinese ones (`L`) by GB 16735, North American ones (`1` to `5`) by 49 CFR 565.15. Elsewhere they are custom, not
/// rule, and a European car may carry a filler in their place; refusing it would leave a car that exists without a
/// history. There they are `warnings`.
package struct VIN: TextValue, Hashable {
    package let text: String

    /// - Throws: `length`, `charset`, `year_code`, `serial_digits` or `check_digit`, the first that applies.
    package init(parsing text: String) throws(TextFault) {
        guard let characters = VIN.characters(of: text) else { throw VIN.lengthFault(of: text) }
        if let index = characters.firstIndex(where: { VIN.value(of: $0) == nil }) {
            throw VIN.charsetFault(characters[index], at: index + 1)
        }
        if VIN.isBound(characters), let deviation = VIN.deviations(of: characters).first { throw deviation }
        self.text = text
    }

    /// World manufacturer identifier: who made it.
    package var wmi: String { String(text.prefix(3)) }

    /// Both years that position 10 can mean, oldest first; the code repeats every 30 years. Empty where the maker put
    /// no year code there.
    package var modelYearCandidates: [Int] {
        guard let index = VIN.yearCodes.firstIndex(of: Array(text.utf8)[9]) else { return [] }
        return [1980 + index, 2010 + index]
    }

    /// What position 9 should be by GB 16735, `0` to `9` or `X`.
    package var expectedCheckDigit: Character {
        Character(Unicode.Scalar(VIN.checkDigit(of: Array(text.utf8))))
    }

    /// What is unusual and not forbidden to this maker, with the codes of `init(parsing:)`.
    package var warnings: [TextFault] {
        VIN.deviations(of: Array(text.utf8))
    }
}

extension VIN {
    private static let length = 17
    /// `A` is 1980 and 2010. I, O, Q, U, Z and 0 are left out.
    private static let yearCodes = Array("ABCDEFGHJKLMNPRSTVWXY123456789".utf8)
    private static let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]

    /// One byte a character, `0` standing for everything outside ASCII; `nil` where there are not 17.
    private static func characters(of text: String) -> [UInt8]? {
        let bytes = Array(text.utf8.prefix(length + 1))
        if bytes.count == length, bytes.allSatisfy({ $0 < 0x80 }) { return bytes }
        guard text.utf8.count <= length * 4, text.unicodeScalars.count == length else { return nil }
        return text.unicodeScalars.map { $0.isASCII ? UInt8($0.value) : 0 }
    }

    /// What a character counts in the check sum, `nil` where it is not in the alphabet.
    private static func value(of character: UInt8) -> Int? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "H"): Int(character - UInt8(ascii: "A")) + 1
        case UInt8(ascii: "J")...UInt8(ascii: "N"): Int(character - UInt8(ascii: "J")) + 1
        case UInt8(ascii: "P"): 7
        case UInt8(ascii: "R"): 9
        case UInt8(ascii: "S")...UInt8(ascii: "Z"): Int(character - UInt8(ascii: "S")) + 2
        default: nil
        }
    }

    private static func checkDigit(of characters: [UInt8]) -> UInt8 {
        let sum = zip(characters, weights).reduce(0) { $0 + (value(of: $1.0) ?? 0) * $1.1 }
        return sum % 11 == 10 ? UInt8(ascii: "X") : UInt8(ascii: "0") + UInt8(sum % 11)
    }

    /// Whether a rule makes the maker use the year code, the digits at the end and the check digit.
    private static func isBound(_ characters: [UInt8]) -> Bool {
        characters[0] == UInt8(ascii: "L") || isNorthAmerican(characters)
    }

    private static func isNorthAmerican(_ characters: [UInt8]) -> Bool {
        (UInt8(ascii: "1")...UInt8(ascii: "5")).contains(characters[0])
    }

    /// Position 14 belongs to the maker's identifier, and may be a letter, where an American VIN has a 9 in position 3
    /// (49 CFR 565.15(a)): makers of fewer than a thousand vehicles a year.
    private static func serialDigits(of characters: [UInt8]) -> ArraySlice<UInt8> {
        characters[(isNorthAmerican(characters) && characters[2] == UInt8(ascii: "9") ? 14 : 13)...]
    }

    private static func deviations(of characters: [UInt8]) -> [TextFault] {
        var deviations: [TextFault] = []
        if !yearCodes.contains(characters[9]) { deviations.append(yearCodeFault) }
        if !serialDigits(of: characters).allSatisfy(isASCIIDigit) { deviations.append(serialFault) }
        let expected = checkDigit(of: characters)
        if characters[8] != expected { deviations.append(checkDigitFault(expected)) }
        return deviations
    }
}

// MARK: - Faults

extension VIN {
    private static let yearCodeFault = TextFault(
        "year_code",
        zh: "车辆识别代号第 10 位不是年份代码（不使用 I、O、Q、U、Z 和 0）",
        en: "Position 10 of the VIN is no year code (I, O, Q, U, Z and 0 are not used)"
    )
    private static let serialFault = TextFault(
        "serial_digits",
        zh: "车辆识别代号最后四位应为数字",
        en: "The last four characters of the VIN should be digits"
    )

    private static func lengthFault(of text: String) -> TextFault {
        let count = text.unicodeScalars.count
        return TextFault("length", zh: "车辆识别代号须为 17 位，现为 \(count) 位", en: "A VIN has 17 characters, not \(count)")
    }

    private static func charsetFault(_ character: UInt8, at position: Int) -> TextFault {
        let hint: LocalizedText =
            switch character {
            case UInt8(ascii: "I"): LocalizedText(zh: "不使用字母 I，是否应为数字 1？", en: "the letter I is not used: is it a 1?")
            case UInt8(ascii: "O"): LocalizedText(zh: "不使用字母 O，是否应为数字 0？", en: "the letter O is not used: is it a 0?")
            case UInt8(ascii: "Q"): LocalizedText(zh: "不使用字母 Q，是否应为数字 0？", en: "the letter Q is not used: is it a 0?")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): LocalizedText(zh: "请使用大写字母", en: "use upper case")
            default: LocalizedText(zh: "只能是数字或大写字母", en: "only digits and upper-case letters occur")
            }
        return TextFault(
            "charset",
            zh: "车辆识别代号第 \(position) 位有误：\(hint.zh)",
            en: "Position \(position) of the VIN is wrong: \(hint.en)"
        )
    }

    private static func checkDigitFault(_ expected: UInt8) -> TextFault {
        let digit = Character(Unicode.Scalar(expected))
        return TextFault(
            "check_digit",
            zh: "车辆识别代号校验不符：第 9 位按其余各位计算应为 \(digit)，请逐位核对",
            en: "The VIN does not check: by the other characters position 9 should be \(digit); compare every character"
        )
    }
}
