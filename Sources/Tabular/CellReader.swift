import Core

/// Reads the text of one cell as a value of its field's kind.
struct CellReader {
    /// A hundred million yuan. A limit of this product, not of law: what is above is a column of yuan read as 万元.
    static let maximumFen: Int64 = 10_000_000_000
    /// What stock systems and people put where there is nothing to say.
    private static let placeholders: Set<String> = [
        "-", "--", "---", "—", "——", "/", "\\", "\\n", "null", "nil", "none", "n/a", "#n/a", "暂无", "未知", "不详", "未填写",
    ]

    let kind: FieldKind
    /// Of the heading, or as the caller has said.
    let unit: Unit?

    /// The text that somebody meant: without blanks at the ends, without what `FormulaGuard` put in front, and without
    /// the `="…"` by which exports keep Excel from reading digits as a number. `nil` where nothing is said.
    static func meant(_ cell: String) -> Substring? {
        var text = Folding.trimmed(FormulaGuard.restored(cell))
        if text.hasPrefix("=\""), text.hasSuffix("\""), text.count > 2 {
            text = Folding.trimmed(String(text.dropFirst(2).dropLast()))
        }
        guard !text.isEmpty, !isPlaceholder(text) else { return nil }
        return text
    }

    private static func isPlaceholder(_ text: Substring) -> Bool {
        text.utf8.count <= 12 && mayBeginPlaceholder(text) && placeholders.contains(Folding.compact(text))
    }

    /// Spares most cells the folding.
    private static func mayBeginPlaceholder(_ text: Substring) -> Bool {
        switch text.unicodeScalars.first {
        case "暂"?, "未"?, "不"?, "n"?, "N"?: true
        case let first?: !(first.properties.isAlphabetic && first.value < 0xFF00) && !("0"..."9").contains(first)
        case nil: false
        }
    }

    func read(_ text: Substring) throws(TextFault) -> CellValue {
        switch kind {
        case .text(let maximumLength): .text(try line(text, maximumLength, allowsLineEnds: false))
        case .lines(let maximumLength): .text(try line(text, maximumLength, allowsLineEnds: true))
        case .vin: .vin(try VIN(parsing: CellReader.upperCase(text)))
        case .plate: .plate(try Plate(parsing: CellReader.upperCase(text)))
        case .money: .money(Money(fen: try whole(text, .money, in: 0...CellReader.maximumFen)))
        case .distance: .odometer(try odometer(text))
        case .date: .date(try date(text))
        case .count(let range, let words): .count(try count(text, in: range, words))
        }
    }

    private static func upperCase(_ text: Substring) -> String {
        Folding.compact(text).uppercased()
    }

    private func line(_ text: Substring, _ maximumLength: Int, allowsLineEnds: Bool) throws(TextFault) -> String {
        guard text.unicodeScalars.count <= maximumLength else { throw .tooLong(maximumLength) }
        let hasControl = text.unicodeScalars.contains { scalar in
            let isLineEnd = scalar == "\n" || scalar == "\r" || scalar == "\t"
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            return isControl && !(allowsLineEnds && isLineEnd)
        }
        guard !hasControl else { throw .controlCharacter }
        return String(text)
    }

    private func odometer(_ text: Substring) throws(TextFault) -> OdometerKm {
        let kilometres = try whole(text, .distance, in: OdometerKm.range)
        guard let odometer = OdometerKm(kilometres) else { throw .outOfRange(OdometerKm.range) }
        return odometer
    }

    private func date(_ text: Substring) throws(TextFault) -> WrittenDate {
        guard let date = WrittenDate(String(text)) else { throw .notADate }
        return date
    }

    private func count(
        _ text: Substring,
        in range: ClosedRange<Int64>,
        _ words: [String]
    ) throws(TextFault) -> Int64 {
        let compact = Folding.compact(text)
        let word = words.first { compact.hasSuffix($0) } ?? ""
        guard let number = WrittenNumber(String(compact.dropLast(word.count)), nil) else { throw .notANumber }
        return try value(of: number, factor: 1, in: range, perUnit: 1)
    }

    /// In fen or kilometres. What the cell says itself counts more than what the heading says.
    private func whole(
        _ text: Substring,
        _ dimension: Unit.Dimension,
        in range: ClosedRange<Int64>
    ) throws(TextFault) -> Int64 {
        guard let number = WrittenNumber(Folding.compact(text), dimension) else { throw .notANumber }
        guard let unit = number.unit ?? unit ?? (number.hasCurrencySign ? .yuan : nil) else {
            throw .unitMissing(dimension)
        }
        return try value(of: number, factor: unit.factor, in: range, perUnit: dimension == .money ? 100 : 1)
    }

    /// - Parameter perUnit: how many of what is kept make one of what the limits are told in.
    private func value(
        of number: WrittenNumber,
        factor: Int64,
        in range: ClosedRange<Int64>,
        perUnit: Int64
    ) throws(TextFault) -> Int64 {
        switch number.scaled(by: factor) {
        case .whole(let value) where range.contains(value): return value
        case .notWhole: throw .notWhole
        default: throw .outOfRange(range.lowerBound / perUnit...range.upperBound / perUnit)
        }
    }
}

// MARK: - Faults

extension TextFault {
    static let required = TextFault("required", zh: "必填，不能为空", en: "Must not be empty")
    static let controlCharacter = TextFault(
        "control_character",
        zh: "不能含控制字符或换行",
        en: "Must not contain control characters or line ends"
    )
    static let notANumber = TextFault(
        "not_a_number",
        zh: "不是可识别的数字，例如：128000、12.8万",
        en: "Not a number that can be read; examples: 128000, 12.8万"
    )
    static let notWhole = TextFault(
        "not_whole",
        zh: "小数位过多：换算后须为整数（金额到分，里程到公里）",
        en: "Too many decimals: amounts are exact to the fen, distances to the kilometre, counts are whole"
    )
    static let notADate = TextFault(
        "not_a_date",
        zh: "不是可识别的日期，例如：2021-03-05、2021年3月",
        en: "Not a date that can be read; examples: 2021-03-05, 2021年3月"
    )

    static func tooLong(_ maximum: Int) -> TextFault {
        TextFault("length", zh: "不能超过 \(maximum) 个字符", en: "Must not have more than \(maximum) characters")
    }

    static func outOfRange(_ range: ClosedRange<Int64>) -> TextFault {
        TextFault(
            "out_of_range",
            zh: "须在 \(range.lowerBound) 至 \(range.upperBound) 之间，请检查单位",
            en: "Must be \(range.lowerBound) to \(range.upperBound): check the unit"
        )
    }

    static func unitMissing(_ dimension: Unit.Dimension) -> TextFault {
        switch dimension {
        case .money:
            TextFault(
                "unit_missing",
                zh: "表头和单元格都没有写明单位，请写明“元”或“万元”",
                en: "Neither the heading nor the cell names the unit: write 元 or 万元"
            )
        case .distance:
            TextFault(
                "unit_missing",
                zh: "表头和单元格都没有写明单位，请写明“公里”或“万公里”",
                en: "Neither the heading nor the cell names the unit: write 公里 or 万公里"
            )
        }
    }
}
