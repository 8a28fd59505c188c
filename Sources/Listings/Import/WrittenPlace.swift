import Core
import Tabular

/// Reads where a car stands as dealers write it: 杭州, 杭州市, 浙江杭州, 浙江省杭州市余杭区.
enum WrittenPlace {
    /// What may follow a city's name; then anything may, such as a street.
    private static let cityEnds = ["市", "地区", "盟", "林区", "州", "县", "新区", "示范区", "特别行政区"]
    private static let districtEnds: [Character] = ["区", "县", "市", "旗"]
    private static let separators: Set<Character> = ["-", "/", "·", ",", "，", "、", "|", ">", "_", "\\"]

    static func read(_ text: String) throws(TextFault) -> Location {
        let place = Folding.compact(text[...]).filter { !separators.contains($0) }
        for (name, province) in Cities.provinceNames where place.hasPrefix(name) {
            let rest = place.dropFirst(name.count)
            if province.isCity { return Location(province: province, city: province.label.zh) }
            guard !rest.isEmpty else { throw .onlyAProvince(province) }
            if let city = Cities.all.first(where: { $0.province == province && begins(rest, $0.name) }) {
                return Location(province: province, city: city.name)
            }
        }
        // 吉林市 is a city, although 吉林 is a province.
        guard let city = Cities.all.first(where: { begins(place[...], $0.name) }) else { throw .unknownPlace }
        return Location(province: city.province, city: city.name)
    }

    private static func begins(_ place: Substring, _ city: String) -> Bool {
        guard place.hasPrefix(city) else { return false }
        let rest = place.dropFirst(city.count)
        guard let last = rest.last else { return true }
        return cityEnds.contains(where: rest.hasPrefix) || rest.contains("自治州") || districtEnds.contains(last)
    }
}

extension TextFault {
    fileprivate static let unknownPlace = TextFault(
        "unknown_place",
        zh: "不是可识别的城市；请写地级市，例如：杭州、杭州市、浙江杭州",
        en: "Not a city that is known; write one of prefecture level, such as 杭州, 杭州市 or 浙江杭州"
    )

    fileprivate static func onlyAProvince(_ province: Province) -> TextFault {
        let examples = Cities.all.filter { $0.province == province }.prefix(2).map { "\(province.label.zh)\($0.name)" }
        return TextFault(
            "city_missing",
            zh: "只写了省份，请写到城市，例如：\(examples.joined(separator: "、"))",
            en: "Names a province alone: name the city, such as \(examples.joined(separator: " or "))"
        )
    }
}
