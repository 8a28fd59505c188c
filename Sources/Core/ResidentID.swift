/// A citizen's identity number (公民身份号码, GB 11643), also that of a residence permit for people of Hong Kong, Macao and
/// Taiwan.
///
/// It is personal information: printing, interpolating, dumping and reflecting all show the masked form. Only
/// `clearText` gives it away, and a reader of the code can search for that word.
package struct ResidentID: Sendable, Hashable {
    package enum Sex: String, Sendable, Hashable, CaseIterable {
        case female
        case male
    }

    /// The number itself: to be stored encrypted, and never logged or shown.
    package let clearText: String
    package let birthDate: CalendarDate

    /// - Parameter today: in China; nobody was born after it.
    /// - Throws: `length`, `charset`, `region`, `birth` or `check_digit`, the first that applies.
    package init(parsing text: String, today: CalendarDate) throws(TextFault) {
        let characters = Array(text.utf8)
        let count = text.unicodeScalars.count
        guard count == ResidentID.length else { throw ResidentID.lengthFault(count) }
        guard characters.count == count, characters.prefix(17).allSatisfy(isASCIIDigit),
            isASCIIDigit(characters[17]) || characters[17] == UInt8(ascii: "X")
        else { throw ResidentID.charsetFault }
        guard ResidentID.isRegion(characters) else { throw ResidentID.regionFault }
        guard let birthDate = ResidentID.birthDate(in: characters), birthDate <= today else {
            throw ResidentID.birthFault
        }
        guard characters[17] == ResidentID.checkCharacter(of: characters) else { throw ResidentID.checkFault }
        self.clearText = text
        self.birthDate = birthDate
    }

    package var sex: Sex {
        let order = Array(clearText.utf8)[16]
        return order.isMultiple(of: 2) ? .female : .male
    }

    /// The first three and the last four characters, and stars between: the rule of this product.
    package var masked: String { Mask.residentID(clearText) }
}

extension ResidentID: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { masked }
    package var debugDescription: String { masked }
    /// Without it `dump` and test failures would print the stored text.
    package var customMirror: Mirror { Mirror(self, children: ["masked": masked]) }
}

extension ResidentID {
    private static let length = 18

    /// The first two digits of every province, and 81 to 83 for Hong Kong, Macao and Taiwan. Everything that begins
    /// with a 9 belongs to foreigners with permanent residence.
    private static func isRegion(_ characters: [UInt8]) -> Bool {
        let tens = characters[0] - UInt8(ascii: "0")
        let ones = characters[1] - UInt8(ascii: "0")
        return switch tens {
        case 1: (1...5).contains(ones)
        case 2: (1...3).contains(ones)
        case 3: (1...7).contains(ones)
        case 4: (1...6).contains(ones)
        case 5: (0...4).contains(ones)
        case 6: (1...5).contains(ones)
        case 7: ones == 1
        case 8: (1...3).contains(ones)
        default: tens == 9
        }
    }

    private static func birthDate(in characters: [UInt8]) -> CalendarDate? {
        let number = { (range: Range<Int>) in
            characters[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        let year = number(6..<10)
        // The calendar knows a year 0, people's papers do not.
        guard year > 0 else { return nil }
        return CalendarDate(year: year, month: number(10..<12), day: number(12..<14))
    }

    private static func checkCharacter(of characters: [UInt8]) -> UInt8 {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(characters, weights).reduce(0) { $0 + Int($1.0 - UInt8(ascii: "0")) * $1.1 }
        return Array("10X98765432".utf8)[sum % 11]
    }
}

// MARK: - Faults

extension ResidentID {
    private static func lengthFault(_ count: Int) -> TextFault {
        TextFault(
            "length",
            zh: "公民身份号码须为 18 位，现为 \(count) 位",
            en: "An identity number has 18 characters, not \(count)"
        )
    }

    private static let charsetFault = TextFault(
        "charset",
        zh: "公民身份号码前 17 位须为数字，最后一位须为数字或大写字母 X",
        en: "An identity number has 17 digits, then a digit or an upper-case X"
    )
    private static let regionFault = TextFault(
        "region",
        zh: "公民身份号码的地区代码不存在",
        en: "The region of the identity number does not exist"
    )
    private static let birthFault = TextFault(
        "birth",
        zh: "公民身份号码中的出生日期不存在或晚于今天",
        en: "The date of birth in the identity number does not exist or is yet to come"
    )
    private static let checkFault = TextFault(
        "check_digit",
        zh: "公民身份号码校验不符，请逐位核对",
        en: "The identity number does not check; compare every digit"
    )
}
