/// What sources write in their own words may hold a telephone, identity card or account number, or a full plate,
/// although they are asked not to. A report shows none of them; the entry itself can only be erased.
func withoutPersonalNumbers(_ text: String) -> String {
    maskPlates(maskLongNumbers(Array(text)))
}

/// A telephone number has 7 digits or more; part numbers and years stay below.
private let longNumberDigits = 7
/// Digits with blanks or hyphens between them: a date has 8, a mobile number 11.
private let spacedNumberDigits = 11
private let mask: Character = "＊"

private func maskLongNumbers(_ characters: [Character]) -> [Character] {
    var masked = characters
    var start = 0
    while start < characters.count {
        guard characters[start].isDecimalDigit else {
            start += 1
            continue
        }
        let plain = characters[start...].prefix { $0.isDecimalDigit }
        let spaced = characters[start...].prefix { $0.isDecimalDigit || $0 == " " || $0 == "-" }
        let run = spaced.count(where: \.isDecimalDigit) >= spacedNumberDigits ? spaced : plain
        if run.count(where: \.isDecimalDigit) >= longNumberDigits {
            for index in run.indices where characters[index].isDecimalDigit { masked[index] = mask }
        }
        start = run.endIndex
    }
    return masked
}

/// A province, a letter, and five or six letters or digits: 浙A12345, 浙A·D12345. What leads to a person is the part
/// behind the office's letter.
private func maskPlates(_ characters: [Character]) -> String {
    var masked = characters
    for start in characters.indices.dropLast() where PlateRegion.provinces.contains(characters[start]) {
        guard characters[start + 1].isASCII, characters[start + 1].isLetter else { continue }
        let rest = characters[(start + 2)...]
        let serial = rest.drop { $0 == "·" || $0 == " " || $0 == "-" }.prefix {
            $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == mask
        }
        guard (5...6).contains(serial.count), serial.startIndex - rest.startIndex <= 1 else { continue }
        for index in serial.indices { masked[index] = mask }
    }
    return String(masked)
}

extension Character {
    /// `0` to `9` in either width.
    fileprivate var isDecimalDigit: Bool {
        wholeNumberValue != nil && isNumber && unicodeScalars.count == 1
            && unicodeScalars.allSatisfy { $0.properties.generalCategory == .decimalNumber }
    }
}
