// The names of ankerl::unordered_dense that mediasoup's worker uses, on the standard containers.
// Same interface, a little slower to look up; nothing here is on a path where that is measured.
#ifndef SHOUWANG_ANKERL_UNORDERED_DENSE_H
#define SHOUWANG_ANKERL_UNORDERED_DENSE_H

#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
	template<typename T>
	using hash = std::hash<T>;

	template<typename Key, typename Value, typename Hash = std::hash<Key>, typename Equal = std::equal_to<Key>>
	using map = std::unordered_map<Key, Value, Hash, Equal>;

	template<typename Key, typename Hash = std::hash<Key>, typename Equal = std::equal_to<Key>>
	using set = std::unordered_set<Key, Hash, Equal>;
} // namespace ankerl::unordered_dense

#endif
