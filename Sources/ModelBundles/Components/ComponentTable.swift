/// The classes and functions of MONAI 1.6.1 by name: what a bare `_target_` may be.
///
/// MONAI builds the same table by importing itself (bundle/config_item.py:54-124).
enum ComponentTable {
    /// The full dotted name of a bare one, such as `monai.transforms.io.dictionary.LoadImaged` of `LoadImaged`.
    static func fullName(of name: String) -> String? { modules[name].map { $0 + "." + name } }

    /// How many names there are.
    static var count: Int { modules.count }

    /// Whether it is a module of MONAI with classes or functions in or below it.
    static func isModule(_ path: String) -> Bool { packages.contains(path) }

    /// The full name of what a dotted path below `monai` means.
    ///
    /// A package also has the names of its modules: `monai.data.PILReader` is `monai.data.image_reader.PILReader`.
    static func located(_ path: String) -> String? {
        guard let dot = path.lastIndex(of: ".") else { return nil }
        let package = path[..<dot]
        let name = String(path[path.index(after: dot)...])
        guard let module = modules[name], package.contains(".") else { return nil }
        guard module == package || module.hasPrefix(package + ".") else { return nil }
        return module + "." + name
    }

    /// Bare names in the table that are near to one, for messages.
    static func suggestion(for name: String) -> String? {
        let lower = name.lowercased()
        return modules.keys.filter { $0.lowercased() == lower || $0 == name + "d" || $0 + "d" == name }.max()
    }

    private static let modules: [String: String] = {
        var result: [String: String] = [:]
        var module = ""
        result.reserveCapacity(4096)
        for line in [names1, names2].joined(separator: "\n").split(separator: "\n") {
            var words = line.split(separator: " ")
            if !line.hasPrefix(" ") {
                let name = words.removeFirst().dropLast()
                module = name == "monai" ? "monai" : "monai." + name
            }
            for word in words { result[String(word)] = module }
        }
        return result
    }()

    private static let packages: Set<String> = {
        var result: Set<String> = ["monai"]
        for module in Set(modules.values) {
            var path = "monai"
            for part in module.split(separator: ".").dropFirst() {
                path += "." + part
                result.insert(path)
            }
        }
        return result
    }()
}
