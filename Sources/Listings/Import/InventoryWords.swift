import Core
import Tabular

/// The words of stock systems for what a listing says in names of its own. They are recalled from exports, not read in
/// a standard.
struct WordTable<Value: RawRepresentable<String> & Sendable>: Sendable {
    private let values: [String: Value]
    private let fault: TextFault

    /// - Parameters:
    ///   - table: a line for each value: its name, and the words for it as `Folding.compact` leaves them.
    ///   - accepted: examples for whoever wrote another.
    fileprivate init(_ code: String, accepted: String, _ table: String) {
        var values: [String: Value] = [:]
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard let value = words.first.flatMap(Value.init(rawValue:)) else { continue }
            for word in words { values[word] = value }
        }
        self.values = values
        fault = TextFault(
            code,
            zh: "不是可识别的写法；可写：\(accepted)",
            en: "Not a word that is known; such are accepted: \(accepted)"
        )
    }

    /// - Parameter word: as `Folding.compact` leaves it.
    func callAsFunction(_ word: String) throws(TextFault) -> Value {
        guard let value = values[word] else { throw fault }
        return value
    }
}

enum InventoryWords {
    /// A 48 V system that only helps the engine is no hybrid that a buyer would take for one.
    private static let energies = WordTable<VehicleDetails.Energy>(
        "unknown_energy",
        accepted: "汽油、柴油、油电混动、插电混动、增程式、纯电动、氢燃料、天然气、其他",
        """
        petrol 汽油 汽油车 燃油 燃油车 92号汽油 95号汽油 98号汽油 汽油+48v轻混系统 48v轻混系统 48v轻混 轻混 gasoline
        diesel 柴油 柴油车 柴油+48v轻混系统
        hybrid 油电混动 油电混合 油电混合动力 混合动力 混动 油混 汽油混动 汽油电动 hev
        plug_in_hybrid 插电混动 插电式混动 插电混合动力 插电式混合动力 插混 插电 phev dm-i dmi
        range_extended 增程 增程式 增程式电动 增程式混动 增程电动 增程式电动车 erev reev
        battery 纯电 纯电动 纯电动车 电动 电动车 电 ev bev
        fuel_cell 燃料电池 氢燃料 氢燃料电池 氢能 氢能源 fcev fcv
        gas 天然气 液化石油气 油气混合 油气双燃料 双燃料 汽油/cng 汽油+cng cng lng lpg
        other 其他 其它 甲醇
        """
    )

    static func energy(_ text: String) throws(TextFault) -> VehicleDetails.Energy {
        try energies(Folding.compact(text[...]))
    }

    private static let gearboxes = WordTable<VehicleDetails.Gearbox>(
        "unknown_gearbox",
        accepted: "手动、自动、手自一体、双离合、CVT（无级变速）、AMT、电动车单速",
        """
        manual 手动 手动挡 手动档 手排 mt
        automatic 自动 自动挡 自动档 手自一体 手自一体式 自排 at tiptronic
        dual_clutch 双离合 湿式双离合 干式双离合 dct dsg pdk 双离合自动
        cvt cvt无级变速 无级 无级变速 无级变速箱 ecvt e-cvt 电子无级 电子无级变速
        automated_manual 机械式自动 电控机械自动 amt 机械自动
        single_speed 单速 电动车单速 电动车 固定齿比 单挡 单档
        """
    )

    /// 6挡手自一体, 8AT变速箱 and 双离合变速器(DCT) without what says no more.
    static func gearbox(_ text: String) throws(TextFault) -> VehicleDetails.Gearbox {
        var word = Folding.compact(text[...])
        if let bracket = word.firstIndex(where: { $0 == "(" || $0 == "（" }) { word = String(word[..<bracket]) }
        for end in ["变速箱", "变速器"] where word.hasSuffix(end) && word.count > end.count {
            word = String(word.dropLast(end.count))
        }
        let withoutCount = word.drop(while: \.isNumber)
        let gear = ["挡", "档", "速", "前速"].first(where: withoutCount.hasPrefix)
        guard withoutCount.count < word.count else { return try gearboxes(word) }
        return try gearboxes(String(withoutCount.dropFirst(gear?.count ?? 0)))
    }

    private static let stages = WordTable<VehicleDetails.EmissionStage>(
        "unknown_emission_stage",
        accepted: "国一 至 国五、国六a、国六b（也可写 国V、国5、国VIb）",
        """
        china_1 国一 国1 国i 国ⅰ
        china_2 国二 国2 国ii 国ⅱ
        china_3 国三 国3 国iii 国ⅲ
        china_4 国四 国4 国iv 国ⅳ
        china_5 国五 国5 国v 国ⅴ
        china_6a 国六a 国6a 国via 国ⅵa
        china_6b 国六b 国6b 国vib 国ⅵb
        not_applicable 新能源 纯电动 电动 无 零排放 不适用
        """
    )
    /// Of stage six, without which of its two halves.
    private static let sixes: Set<String> = ["国六", "国6", "国vi", "国ⅵ"]

    /// - Returns: `nil` for 国六: whether it is a or b is not guessed.
    static func emissionStage(_ text: String) throws(TextFault) -> VehicleDetails.EmissionStage? {
        var word = Folding.compact(text[...]).replacing("Ⅰ", with: "ⅰ").replacing("Ⅱ", with: "ⅱ")
            .replacing("Ⅲ", with: "ⅲ").replacing("Ⅳ", with: "ⅳ").replacing("Ⅴ", with: "ⅴ").replacing("Ⅵ", with: "ⅵ")
        for remark in ["(带obd)", "带obd", "+obd", "(obd)", "obd", "排放", "标准", "阶段"] {
            word = word.replacing(remark, with: "")
        }
        if sixes.contains(word) { return nil }
        return try stages(word)
    }
}

/// Reads 1.5L, 1.5T, 1498ml and 1.5 as millilitres.
enum WrittenDisplacement {
    private static let litreEnds = ["l", "t", "升", "td"]
    private static let millilitreEnds = ["ml", "cc", "毫升"]
    /// What stands there for cars that have no engine.
    private static let none: Set<String> = ["0", "0l", "0.0l", "0ml", "0.0", "电动", "纯电动", "纯电", "ev", "无"]
    /// No engine of a car has so many litres, and none so few millilitres.
    private static let leastMillilitres: Int64 = 100
    private static let fractionDigits = 3

    /// - Returns: `nil` where there is no engine.
    static func read(_ text: String) throws(TextFault) -> Int64? {
        let word = Folding.compact(text[...])
        if none.contains(word) { return nil }
        if let end = millilitreEnds.first(where: word.hasSuffix) { return try millilitres(word.dropLast(end.count)) }
        if let end = litreEnds.first(where: word.hasSuffix) { return try litres(word.dropLast(end.count)) }
        if let whole = Int64(word), whole >= leastMillilitres { return try millilitres(word[...]) }
        return try litres(word[...])
    }

    private static func millilitres(_ digits: Substring) throws(TextFault) -> Int64 {
        guard let number = Int64(digits), VehicleLimits.displacementMl.contains(number) else { throw unreadable }
        return number
    }

    private static func litres(_ digits: Substring) throws(TextFault) -> Int64 {
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        guard (1...2).contains(parts.count), (parts.count == 1) == fraction.isEmpty, fraction.count <= fractionDigits,
            digits.allSatisfy({ $0 == "." || ("0"..."9").contains($0) })
        else { throw unreadable }
        return try millilitres(parts[0] + fraction + String(repeating: "0", count: fractionDigits - fraction.count))
    }

    private static let unreadable = TextFault(
        "unknown_displacement",
        zh: "不是可识别的排量；可写：1.5L、1.5T、1498ml",
        en: "Not a displacement that can be read; examples: 1.5L, 1.5T, 1498ml"
    )
}
