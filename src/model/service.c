/* Looking up services. */
#include "model/service.h"

int catalogue_find(const struct catalogue *catalogue, struct str name)
{
	for (size_t i = 0; i < catalogue->services.n; i++)
		if (str_eq(catalogue->services.at[i].name, name))
			return (int)i;
	return -1;
}

service_set catalogue_base(const struct catalogue *catalogue)
{
	service_set base = 0;
	for (size_t i = 0; i < catalogue->services.n; i++)
		if (catalogue->services.at[i].is_base)
			base |= UINT64_C(1) << i;
	return base;
}

struct str image_base(struct str image)
{
	struct str base = path_base(str_slice(image, 0, str_find(image, STR("@"), 0)));
	return str_slice(base, 0, str_find(base, STR(":"), 0));
}

struct str service_set_names(struct arena *out, const struct catalogue *catalogue, service_set set, struct str between)
{
	strs names = {0};
	for (size_t i = 0; i < catalogue->services.n; i++)
		if (set >> i & 1)
			vec_push(out, &names, catalogue->services.at[i].name);
	return str_join(out, names.at, names.n, between);
}
